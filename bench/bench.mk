# Long runs; those against the built jar need Go. Included by the Makefile.
.PHONY: guard h2spec soak steady fuzz fuzz-peers

guard: jdk ## Bytes and time of searches, translation and requests stay within bounds (JMH, a minute)
	$(MVN) -q test -Dtest=BenchmarkGuard

h2spec: jar ## HTTP/2 conformance (h2spec) of a clear-text and a TLS listener
	@bench/h2spec

soak: jar ## Memory with 1 GiB bodies, 10,000 connections, WebSockets and streams
	@bench/soak

steady: jdk ## A minute of steady load under changes, 0 failed requests
	$(MVN) -q test -Dtest=SteadyLoadTest -Dsteady.seconds=60

fuzz: jdk ## A minute of requests with defects, and a minute of odd objects: SEED=
	$(MVN) -q test -Dtest='FuzzTest,ObjectFuzzTest' -Dfuzz.seconds=60 $(if $(SEED),-Dfuzz.seed=$(SEED))

fuzz-peers: jar ## A minute of requests with defects to Sluice, nginx and Envoy: ARGS='--seconds 60 --seed 7'
	@bench/fuzzpeers $(ARGS)
