"""The steps of a pass, each re-runnable: what one has stored is where the next begins, also after a crash."""
