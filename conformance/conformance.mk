# The local cluster and the official conformance suite. Included by the Makefile.
.PHONY: cluster-up cluster-down kubectl conformance policies drills bench-control

cluster-up: jar ## Start a one-node Kubernetes of local processes
	@conformance/cluster up

cluster-down: ## Stop it
	@conformance/cluster down

kubectl: ## kubectl in it: make kubectl ARGS='get pods -A'
	@conformance/cluster kubectl $(ARGS)

conformance: jar ## Official Gateway API suite: PROFILES=, RUN=, SPRING_STAGE=forced, KEEP=yes
	@conformance/run

policies: jar ## Golden pairs of policies in the local cluster, by the statuses that are written: KEEP=yes
	@conformance/policies

drills: jar ## Failure drills with two replicas under load: DRILLS='rolling pod leader endpoints apiserver'
	@conformance/drills $(DRILLS)

bench-control: jar ## Control-plane benchmark: TESTS='attached probe churn change scale'
	@bench/control/run $(TESTS)
