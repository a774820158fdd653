"""The shell around the pure rooms: clock, files, settings; no rule of its own."""
