module dev.sluice/bench/control

go 1.26
