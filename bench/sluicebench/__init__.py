"""Compares Sluice with its peers on one machine; see bench/README.md."""
