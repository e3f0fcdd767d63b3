"""Numbers for sums that a person asks in words: drawn, with the usual slips beside the right result.

Sources: Linux kernel documentation, Overcommit accounting; Silberschatz 10, 9.3.2.
"""

from sims.evidence.declare import Evidence, Values
from sims.fields import Pick


def _commit(pick: Pick) -> Values:
    """CommitLimit = swap + RAM × ratio / 100 with overcommit_memory 2, all in GiB and whole; a service asks for one
    GiB more than is left."""
    ram, swap = 8 * pick("ram", 2, 8), 2 * pick("swap", 1, 8)
    ratio = 25 * pick("ratio", 1, 3)
    limit = swap + ram * ratio // 100
    left = pick("left", 1, 3)
    return {
        "ram": ram,
        "swap": swap,
        "ratio": ratio,
        "limit": limit,
        "everything": ram + swap,
        "without": ram * ratio // 100,
        "scaled": f"{(ram + swap) * ratio / 100:g}",
        "committed": limit - left,
        "left": left,
        "asked": left + 1,
    }


def _commit_holds(shown: Values) -> bool:
    told = {str(shown[key]) for key in ("limit", "everything", "without", "scaled")}
    return len(told) == 4 and shown["committed"] + shown["asked"] == shown["limit"] + 1


def _tag(pick: Pick) -> Values:
    """A TLB of sets and ways: the tag is the address less the offset less the index."""
    address, page = pick("address", 38, 48), pick("page", 12, 14)
    ways, sets = 2 ** pick("ways", 1, 3), pick("sets", 3, 5)
    return {
        "address": address,
        "page_kib": 2 ** (page - 10),
        "offset": page,
        "entries": ways * 2**sets,
        "ways": ways,
        "sets": 2**sets,
        "index": sets,
        "number": address - page,
        "tag": address - page - sets,
        "no_page": address - sets,
        "by_entries": address - page - sets - ways.bit_length() + 1,
    }


def _tag_holds(shown: Values) -> bool:
    whole = shown["offset"] + shown["index"] + shown["tag"] == shown["address"]
    return bool(whole and len({shown[key] for key in ("tag", "number", "no_page", "by_entries")}) == 4)


_LISTED = (
    ("commit", _commit, _commit_holds, "the limit is swap and a share of RAM, and differs from the usual slips"),
    ("tag", _tag, _tag_holds, "offset, index and tag are the whole address"),
)

EVIDENCE = tuple(
    Evidence(name, tuple(make(lambda _path, low, _high: low)), make, holds, says) for name, make, holds, says in _LISTED
)
