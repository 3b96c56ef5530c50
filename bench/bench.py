#!/usr/bin/env python3
"""`make bench`: compares Sluice with its peers in interleaved rounds; see README.md."""
import argparse
import datetime
import json
import os
import pathlib

from sluicebench import report, scenarios, tools
from sluicebench.proxies import BASE, COMMANDS, Lab, add_base
from sluicebench.scenarios import SCENARIOS


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="length of a round")
    parser.add_argument("--warm", type=int, default=scenarios.WARM_SECONDS, help="longest warm-up of a JVM, in seconds")
    parser.add_argument("--proxies", default=",".join(COMMANDS), help="comma-separated, default: all")
    parser.add_argument("--only", default=",".join(SCENARIOS), help="comma-separated scenarios, default: all")
    parser.add_argument("--into", help="raw results of the same versions: the scenarios that are run now take their places there")
    parser.add_argument("--base", type=pathlib.Path, metavar="CHECKOUT",
                        help=f"compare with the Sluice that `make aot` built in another checkout, as the proxy {BASE}; writes nothing")
    parser.add_argument("--no-report", action="store_true", help="print the tables, write nothing")
    arguments = parser.parse_args()
    scenarios.WARM_SECONDS = arguments.warm
    names = [name for name in arguments.proxies.split(",") if name != "envoy" or tools.envoy()]
    if arguments.base:
        checkout = arguments.base.resolve()
        if not (checkout / "target/aot/sluice.aot").exists():
            parser.error(f"--base {checkout}: `make aot` has not run there")
        add_base(checkout)
        names += [] if BASE in names else [BASE]
    run = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "versions": tools.versions(),
           "rounds": arguments.rounds, "seconds": arguments.seconds, "warm": arguments.warm, "load": os.getloadavg()[0], "results": {}}
    if arguments.into:
        before = json.loads(pathlib.Path(arguments.into).read_text())
        if before["versions"] != run["versions"]:
            parser.error(f"--into {arguments.into}: it is of {before['versions']}, and this is {run['versions']}")
        run = before
    with Lab() as lab:
        running = {name: lab.start(name, 1) for name in names}
        for scenario in arguments.only.split(","):
            print(f"\n{report.TITLES[scenario]}", flush=True)
            results = SCENARIOS[scenario](lab, running, arguments.rounds, arguments.seconds)
            run["results"][scenario] = results
            print(report.scenario_table(scenario, results), flush=True)
            if not (arguments.no_report or arguments.base):
                keep(run)
    print("\n" + report.target_table(run["results"]))
    if arguments.base:
        print("\n" + report.base_table(run["results"]))


def keep(run):
    """Writes what is there so far, so that a run that is cut off is not lost."""
    folder = tools.BENCH / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"{run['date'][:19].replace(':', '')}.json").write_text(json.dumps(run, indent=1))
    report.write(run, tools.ROOT / "docs")


if __name__ == "__main__":
    main()
