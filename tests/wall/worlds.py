"""What tests of other parts take from the proof of the wall."""

from casewall.config.prove.running import dump_of as dump_of
