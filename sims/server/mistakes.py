"""How do people get a server's time wrong? Every belief that the simulator knows."""

from sims.server.mistaken_measures import MEASURE_MISTAKES
from sims.server.mistaken_rules import RULE_MISTAKES

MISTAKES = RULE_MISTAKES + MEASURE_MISTAKES
