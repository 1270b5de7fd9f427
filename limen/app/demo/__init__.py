"""A small world on this machine: three days of a ministry's and the trade press's sites, a mailbox and a webhook receiver."""
