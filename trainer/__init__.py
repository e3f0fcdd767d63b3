"""The trainer: everything above the simulators. docs/architecture.md shows the rooms."""
