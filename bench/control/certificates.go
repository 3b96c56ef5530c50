package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	certificatesPerNamespace = 500
	listenersPerGateway      = 63 // of 64 that a Gateway may have
	sluiceUser               = "system:serviceaccount:sluice-system:sluice"
)

// certificates has -routes listeners of HTTPS, each with a Secret of its own,
// and as many Secrets that nothing refers to.
func certificates() any {
	c := &certificateTest{authority: newAuthority()}
	for i := 0; i < *routes; i += certificatesPerNamespace {
		create("/api/v1/namespaces", object{"metadata": object{"name": c.namespace(i)}})
	}
	for i := range *routes { // the authority counts serial numbers
		c.secrets = append(c.secrets, c.authority.secret(c.name(i), c.host(i)))
	}
	inParallel(*routes, func(i int) {
		create(namespaced("/api/v1", c.namespace(i), "secrets"), c.secrets[i])
		create(namespaced("/api/v1", c.namespace(i), "secrets"), object{
			"metadata": object{"name": fmt.Sprintf("private-%d", i)}, "data": object{"key": []byte("private")}})
	})
	start := time.Now()
	gateways := c.gateways()
	for _, gw := range gateways {
		c.awaitAddress(gw)
	}
	result := object{"certificates": *routes, "gateways": len(gateways), "programmedSeconds": time.Since(start).Seconds()}
	c.handshakes(50)

	restarted := time.Now()
	remove(namespaced("/api/v1", "sluice-system", "pods/"+sluicePod().Metadata.Name))
	for !sluicePod().ready(restarted) {
		time.Sleep(50 * time.Millisecond)
	}
	result["readyAfterRestartSeconds"] = time.Since(restarted).Seconds()
	c.handshakes(200)

	var slowest time.Duration
	for range 20 {
		i := rand.IntN(*routes)
		c.secrets[i] = c.authority.secret(c.name(i), c.host(i))
		changed := time.Now()
		patch(namespaced("/api/v1", c.namespace(i), "secrets/"+c.name(i)), object{"data": c.secrets[i]["data"]})
		for c.serial(i) != c.authority.serial {
			time.Sleep(10 * time.Millisecond)
		}
		slowest = max(slowest, time.Since(changed))
	}
	result["slowestChangeMillis"] = millis(slowest)
	result["residentMiB"] = residentMiB(sluice())
	var lease struct {
		Spec struct {
			LeaseTransitions int
			RenewTime        time.Time
		}
	}
	get(namespaced("/apis/coordination.k8s.io/v1", "sluice-system", "leases/sluice-leader"), &lease)
	result["leaseTransitions"], result["leaseAgeSeconds"] = lease.Spec.LeaseTransitions, time.Since(lease.Spec.RenewTime).Seconds()
	for name, count := range auditOfSecrets() {
		result[name] = count
	}
	return result
}

type certificateTest struct {
	authority *authority
	secrets   []object
	addresses map[string]string
}

func (c *certificateTest) namespace(i int) string {
	return fmt.Sprintf("certificates-%d", i/certificatesPerNamespace)
}

func (c *certificateTest) name(i int) string { return fmt.Sprintf("certificate-%d", i) }

func (c *certificateTest) host(i int) string { return c.name(i) + ".example.com" }

// gateway is the namespace and name of the Gateway with this listener.
func (c *certificateTest) gateway(i int) string {
	return fmt.Sprintf("%s/gw-%d", c.namespace(i), i%certificatesPerNamespace/listenersPerGateway)
}

func (c *certificateTest) gateways() []string {
	listeners := map[string][]object{}
	var order []string
	for i := range *routes {
		gw := c.gateway(i)
		if listeners[gw] == nil {
			order = append(order, gw)
		}
		listeners[gw] = append(listeners[gw], object{
			"name": c.name(i), "port": 443, "protocol": "HTTPS", "hostname": c.host(i),
			"tls": object{"certificateRefs": []object{{"name": c.name(i)}}}})
	}
	inParallel(len(order), func(i int) {
		namespace, name, _ := strings.Cut(order[i], "/")
		create(namespaced(gatewayAPI, namespace, "gateways"), object{
			"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": object{"name": name},
			"spec": object{"gatewayClassName": "sluice", "listeners": listeners[order[i]]}})
	})
	return order
}

// awaitAddress waits until all listeners of a Gateway are programmed.
func (c *certificateTest) awaitAddress(gw string) {
	namespace, name, _ := strings.Cut(gw, "/")
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var status struct {
			Status struct {
				Addresses []struct{ Value string }
				Listeners []struct {
					Conditions []struct{ Type, Status string }
				}
			}
		}
		get(namespaced(gatewayAPI, namespace, "gateways/"+name), &status)
		programmed := len(status.Status.Addresses) > 0 && len(status.Status.Listeners) > 0
		for _, listener := range status.Status.Listeners {
			for _, condition := range listener.Conditions {
				programmed = programmed && (condition.Type != "Programmed" || condition.Status == "True")
			}
		}
		if programmed {
			if c.addresses == nil {
				c.addresses = map[string]string{}
			}
			c.addresses[gw] = status.Status.Addresses[0].Value
			return
		}
	}
	log.Fatalf("Gateway %s was not programmed in five minutes", gw)
}

// serial is that of the certificate that a listener shows; 0 when there is none.
func (c *certificateTest) serial(i int) int64 {
	dialer := &tls.Dialer{NetDialer: &net.Dialer{Timeout: time.Second},
		Config: &tls.Config{RootCAs: c.authority.pool(), ServerName: c.host(i)}}
	connection, err := dialer.Dial("tcp", c.addresses[c.gateway(i)]+":443")
	if err != nil {
		return 0
	}
	defer connection.Close()
	return connection.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// handshakes waits until so many listeners, taken at random, show their certificate.
func (c *certificateTest) handshakes(count int) {
	for range count {
		i := rand.IntN(*routes)
		for deadline := time.Now().Add(30 * time.Second); c.serial(i) == 0; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				log.Fatalf("no certificate of %s", c.host(i))
			}
		}
	}
}

type podStatus struct {
	Metadata struct {
		Name              string
		CreationTimestamp time.Time
		DeletionTimestamp *time.Time
	}
	Status struct {
		Conditions []struct{ Type, Status string }
	}
}

// ready tells whether it is a new pod that takes requests.
func (p podStatus) ready(since time.Time) bool {
	for _, condition := range p.Status.Conditions {
		if condition.Type == "Ready" && condition.Status == "True" {
			return p.Metadata.DeletionTimestamp == nil && !p.Metadata.CreationTimestamp.Before(since.Truncate(time.Second))
		}
	}
	return false
}

// sluicePod is the newest pod of Sluice.
func sluicePod() (newest podStatus) {
	var list struct{ Items []podStatus }
	get(namespaced("/api/v1", "sluice-system", "pods"), &list)
	for _, pod := range list.Items {
		if newest.Metadata.Name == "" || pod.Metadata.CreationTimestamp.After(newest.Metadata.CreationTimestamp) {
			newest = pod
		}
	}
	return newest
}

// auditOfSecrets counts Sluice's requests of Secrets in the API server's audit
// log, and ends the test when one was answered with a value that nothing refers to.
func auditOfSecrets() map[string]int {
	file, err := os.Open(filepath.Join(filepath.Dir(os.Getenv("KUBECONFIG")), "logs", "audit.log"))
	must(err)
	defer file.Close()
	counts := map[string]int{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		var event struct {
			Verb           string
			User           struct{ Username string }
			ObjectRef      struct{ Name string }
			ResponseObject struct{ Kind string }
		}
		must(json.Unmarshal(lines.Bytes(), &event))
		if event.User.Username != sluiceUser {
			continue
		}
		counts["secrets_"+event.Verb]++
		switch {
		case event.Verb == "get" && !strings.HasPrefix(event.ObjectRef.Name, "certificate-"):
			log.Fatalf("the value of %s was requested", event.ObjectRef.Name)
		case event.Verb == "list" && event.ResponseObject.Kind != "PartialObjectMetadataList":
			log.Fatalf("a list had %s", event.ResponseObject.Kind)
		}
	}
	must(lines.Err())
	return counts
}
