# The local cluster and the official conformance suite. Included by the Makefile.
.PHONY: cluster-up cluster-down kubectl conformance documented policies drills bench-control

cluster-up: image ## Start a one-node Kubernetes of local processes
	@conformance/cluster up

cluster-down: ## Stop it
	@conformance/cluster down

kubectl: ## kubectl in it: make kubectl ARGS='get pods -A'
	@conformance/cluster kubectl $(ARGS)

conformance: image ## Official Gateway API suite: PROFILES=, RUN=, SPRING_STAGE=forced, KEEP=yes
	@conformance/run

documented: image ## The way into a cluster and out of it as README and docs/kubernetes.md print it, in the local cluster
	@conformance/documented

policies: image ## Golden pairs of policies in the local cluster, by the statuses that are written: KEEP=yes
	@conformance/policies

drills: image ## Failure drills with two replicas under load: DRILLS='rolling drain pod leader endpoints apiserver'
	@conformance/drills $(DRILLS)

bench-control: image ## Control-plane benchmark: TESTS='attached probe churn change scale certificates'
	@bench/control/run $(TESTS)
