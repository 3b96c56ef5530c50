// Command control measures the control plane of Sluice in the local cluster,
// after github.com/howardjohn/gateway-api-bench. It talks to the API server
// and to the Gateways from the node, and is itself the backend of all routes:
// it listens on addresses of the node that EndpointSlices point to.
//
//	control attached -routes 1000      lag of attachedRoutes, and the writes it took
//	control probe -routes 3000         from apply to the first 200, one route after another
//	control probe -routes 100 -scale 5000   the same while 5,000 routes churn
//	control scale -scale 5000          memory, and CPU while they churn
//	control change -seconds 60         changes of all kinds every 200 ms under load
//	control certificates -routes 10000      listeners with a Secret each, and which Secrets are read
//	control load -seconds 30 ...       load alone, for the failure drills
//	control pairs                      golden pairs of policies, by the statuses that are written
//
// Each prints one line of JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"time"
)

var (
	routes  = flag.Int("routes", 1000, "how many routes")
	scale   = flag.Int("scale", 0, "how many routes churn meanwhile")
	seconds = flag.Int("seconds", 60, "how long to measure")
	conns   = flag.Int("conns", 50, "connections that send requests")
	pause   = flag.Duration("pause", 20*time.Millisecond, "between two requests of a connection")
	url     = flag.String("url", "", "where load goes")
	host    = flag.String("host", "", "its Host")
	fresh   = flag.Bool("fresh", false, "a new connection for each request")
	until   = flag.String("until", "", "load goes on until this file is there")
	backend = flag.String("backend", "10.98.0.1", "address of the node that serves as backend")
)

func main() {
	log.SetFlags(log.Ltime)
	if len(os.Args) < 2 {
		log.Fatal("usage: control attached|probe|scale|change|certificates|load|pairs [FLAG...]")
	}
	if err := flag.CommandLine.Parse(os.Args[2:]); err != nil {
		log.Fatal(err)
	}
	run, known := map[string]func() any{
		"attached": attached, "probe": probe, "scale": scaled, "change": change, "load": loadOnly, "certificates": certificates, "pairs": pairs,
	}[os.Args[1]]
	if !known {
		log.Fatalf("unknown test %q", os.Args[1])
	}
	out, err := json.Marshal(map[string]any{os.Args[1]: run()})
	must(err)
	fmt.Println(string(out))
}

func must(err error) {
	if err != nil {
		log.Output(2, "fatal: "+err.Error())
		os.Exit(1)
	}
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
