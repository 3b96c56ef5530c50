module dev.sluice/bench/openloop

go 1.25
