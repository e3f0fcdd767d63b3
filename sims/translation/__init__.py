"""Where does an address lead, and what does the way cost?

    make(Paged, {"virtual_bits": 6, "physical_bits": 7, "page_bits": 4, "tables": [{"vpn": 1, "frame": 7}],
                 "accesses": [21]})

scenario.py says what a problem is (paged, segmented, rates), run.py what happens, quantities.py how much, solutions.py
how one gets there, measures.py what can be asked, mistakes.py how people get it wrong, recipes.py how it is drawn.

Sources: Silberschatz, Galvin, Gagne, Operating System Concepts, 10th ed., 9.3 and 9.4; Arpaci-Dusseau, Operating
Systems: Three Easy Pieces, chapters 16 and 18 to 20; Intel 64 and IA-32 Architectures Software Developer's Manual,
volume 3, chapter 4.
"""

from sims.declare import Example, Rule, Simulator
from sims.translation.measures import MEASURES
from sims.translation.mistakes import MISTAKES
from sims.translation.recipes import RECIPES
from sims.translation.run import Share, Trace, Translated, run, tell
from sims.translation.scenario import Paged, Rates, Segmented

__all__ = ["SIMULATOR", "Paged", "Rates", "Segmented", "Share", "Trace", "Translated", "run", "tell"]

SILBERSCHATZ = "silberschatz-10 9.3"
INTEL = "intel-sdm-3 4.5"

SIMULATOR = Simulator(
    name="translation",
    question="Where does an address lead?",
    scenarios=(Paged, Segmented, Rates),
    run=run,
    tell=tell,
    rules=(
        Rule("The low page_bits bits are the offset and stay as they are; the bits above are the page.", SILBERSCHATZ),
        Rule("The top level is selected by the highest bits of the page number.", "silberschatz-10 9.4.1"),
        Rule("Checked in order: non-canonical, not-present, protection.", INTEL),
        Rule("x86-64: bits 47 to 63 must be equal. Elsewhere an address must be below 2^virtual_bits.", INTEL),
        Rule("A walk reads one entry a level and stops at the first that is not present."),
        Rule("Kernel mode passes the user check, not the write check.", INTEL),
        Rule("The TLB is probed first; the probe is paid once, on a hit and on a miss.", "silberschatz-10 9.3.2"),
        Rule("TLB: set = page mod (entries / ways); the lowest invalid way is filled first, then by its policy."),
        Rule("An untagged TLB is emptied when the address space differs from that of the access before.", "ostep 19.6"),
        Rule("A fault adds its time, makes no data access, is not retried, and is not put into the TLB."),
        Rule(
            "Tables: one top table for each address space; a table below wherever an entry leads to one.", "ostep 20.3"
        ),
        Rule("Segments: the top ceil(log2 n) bits select; upwards the offset must be below the limit.", "ostep 16.2"),
        Rule("A segment that grows down: offset − segment size ≥ −limit, equality is valid.", "ostep 16.3"),
        Rule("Closed form: hit and miss share the accesses that do not fault; a fault takes its own time only."),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    examples=(
        Example(
            "ostep-multi-level",
            {
                "virtual_bits": 14,
                "physical_bits": 14,
                "page_bits": 6,
                "levels": [4, 4],
                "entry_bytes": 4,
                "tables": [
                    {"vpn": 0, "frame": 10, "flags": "rxu"},
                    {"vpn": 1, "frame": 23, "flags": "rxu"},
                    {"vpn": 4, "frame": 80, "flags": "rwu"},
                    {"vpn": 5, "frame": 59, "flags": "rwu"},
                    {"vpn": 254, "frame": 55, "flags": "rwu"},
                    {"vpn": 255, "frame": 45, "flags": "rwu"},
                ],
                "accesses": [
                    "0x3f80",
                    {"address": "0x0010", "kind": "execute"},
                    {"address": "0x0010", "kind": "write"},
                    "0x0800",
                ],
            },
            "Three tables of 64 bytes instead of one of 1024; an entry that is not there ends the walk at the top.",
            "ostep 20.3",
        ),
        Example(
            "x86-64",
            {
                "preset": "x86-64",
                "tables": [
                    {"vpn": "0x7ffffffff", "frame": "0x12345"},
                    {"vpn": "0xffff80000", "frame": 1, "flags": "rwx"},
                ],
                "accesses": [
                    "0x7ffffffff010",
                    {"address": "0xffffffff80000000", "mode": "kernel", "kind": "write"},
                    "0xffffffff80000000",
                    "0x800000000000",
                ],
                "tlb": {"entries": 64, "ways": 4},
                "costs": {"memory": 80, "tlb": 1},
            },
            "Four levels of nine bits; the kernel's half begins where the upper bits turn to ones.",
            INTEL,
        ),
        Example(
            "tlb",
            {
                "virtual_bits": 8,
                "physical_bits": 8,
                "page_bits": 4,
                "tables": [{"vpn": 6, "frame": 1}, {"vpn": 7, "frame": 2}, {"vpn": 8, "frame": 3}],
                "accesses": [100, 104, 108, 112, 116, 120, 124, 128, 132, 136],
                "tlb": {"entries": 4},
                "costs": {"memory": 100, "tlb": 10},
            },
            "An array read in order misses once a page: seven of ten accesses hit.",
            "ostep 19.2",
        ),
        Example(
            "segments",
            {
                "virtual_bits": 14,
                "physical_bits": 16,
                "segments": [
                    {"base": 32768, "limit": 2048},
                    {"base": 34816, "limit": 3072},
                    {"base": 0, "limit": 0},
                    {"base": 28672, "limit": 2048, "grows": "down"},
                ],
                "accesses": [100, 4200, 7168, 15360],
            },
            "Code, heap and a stack that grows down; 7168 is just beyond the heap.",
            "ostep 16.2",
        ),
        Example(
            "effective-access-time",
            {"hit_rate": "0.8", "costs": {"memory": 100, "tlb": 20}},
            "With a probe of 20 ns and memory at 100 ns, 80 % hits give 140 ns.",
            "silberschatz-8 8.4.2",
        ),
        Example(
            "demand-paging",
            {"hit_rate": 1, "fault_rate": "1/1000", "costs": {"memory": 200, "tlb": 0, "fault": 8_000_000}},
            "One fault in a thousand accesses makes memory forty times slower.",
            "silberschatz-10 10.2.3",
        ),
    ),
    recipes=RECIPES,
)
