"""The peers, one line each."""

from typing import Final

from bench.peers.cel import CelCpp, CelRust
from bench.peers.datalogic import DataLogic
from bench.peers.rule_engine import RuleEngine
from bench.peers.simple_eval import Naive, Parsed
from bench.peers.zen import Zen
from bench.subject import Subject

PEERS: Final[tuple[Subject, ...]] = (DataLogic(), Zen(), CelCpp(), CelRust(), Parsed(), RuleEngine(), Naive())
