"""The node as a process: peers opened, turns taken, figures told."""
