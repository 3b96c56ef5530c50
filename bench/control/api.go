package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// The API server of the local cluster (conformance/node), as its administrator.
const (
	apiServer = "https://10.244.0.1:6443"
	token     = "admin"

	gatewayAPI = "/apis/gateway.networking.k8s.io/v1"
	discovery  = "/apis/discovery.k8s.io/v1"
)

type object = map[string]any

var api = newAPI()

func newAPI() *http.Client {
	ca, err := os.ReadFile(filepath.Join(filepath.Dir(os.Getenv("KUBECONFIG")), "pki", "ca.crt"))
	if err != nil {
		log.Fatalf("run by 'conformance/cluster exec': %v", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 32}}
}

func call(method, path string, body any) (int, []byte) {
	kind := "application/json"
	if method == http.MethodPatch {
		kind = "application/merge-patch+json"
	}
	return send(method, path, kind, body)
}

func send(method, path, kind string, body any) (int, []byte) {
	var data []byte
	if body != nil {
		var err error
		data, err = json.Marshal(body)
		must(err)
	}
	req, err := http.NewRequest(method, apiServer+path, bytes.NewReader(data))
	must(err)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", kind)
	resp, err := api.Do(req)
	must(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	must(err)
	return resp.StatusCode, answer
}

// create makes an object; one that is there already stays.
func create(path string, body object) {
	code, answer := call(http.MethodPost, path, body)
	if code != http.StatusCreated && code != http.StatusConflict {
		log.Fatalf("create in %s: %d %s", path, code, answer)
	}
}

func patch(path string, body object) {
	if code, answer := call(http.MethodPatch, path, body); code != http.StatusOK {
		log.Fatalf("patch %s: %d %s", path, code, answer)
	}
}

func remove(path string) { call(http.MethodDelete, path, nil) }

func get(path string, into any) bool {
	code, answer := call(http.MethodGet, path, nil)
	if code == http.StatusNotFound {
		return false
	}
	must(json.Unmarshal(answer, into))
	return true
}

// watch tells of every change of one object until the function says stop.
func watch(path, name string, seen func(raw json.RawMessage) bool) {
	req, err := http.NewRequest(http.MethodGet, apiServer+path+"?watch=true&fieldSelector=metadata.name%3D"+name, nil)
	must(err)
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := api.Do(req)
	must(err)
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var event struct{ Object json.RawMessage }
		must(json.Unmarshal(lines.Bytes(), &event))
		if !seen(event.Object) {
			return
		}
	}
}

func namespaced(api, namespace, plural string) string {
	return api + "/namespaces/" + namespace + "/" + plural
}

// gatewayStatus is what the tests need of a Gateway.
type gatewayStatus struct {
	Status struct {
		Addresses  []struct{ Value string }
		Conditions []struct{ Type, Status string }
		Listeners  []struct{ AttachedRoutes int }
	}
}

// gateway makes a namespace with a Gateway of one listener for HTTP, and
// returns its address when it is programmed.
func gateway(namespace string) string {
	create("/api/v1/namespaces", object{"metadata": object{"name": namespace}})
	create(namespaced(gatewayAPI, namespace, "gateways"), object{
		"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": object{"name": "gw"},
		"spec": object{"gatewayClassName": "sluice", "listeners": []object{{
			"name": "http", "port": 80, "protocol": "HTTP",
			"allowedRoutes": object{"namespaces": object{"from": "All"}}}}}})
	return addressOf(namespace)
}

// addressOf waits until the Gateway of a namespace is programmed.
func addressOf(namespace string) string {
	for range 600 {
		var gw gatewayStatus
		get(namespaced(gatewayAPI, namespace, "gateways/gw"), &gw)
		for _, condition := range gw.Status.Conditions {
			if condition.Type == "Programmed" && condition.Status == "True" && len(gw.Status.Addresses) > 0 {
				return gw.Status.Addresses[0].Value
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	log.Fatalf("Gateway %s/gw was not programmed in a minute", namespace)
	return ""
}

// service makes a Service whose endpoints are addresses of the node.
func service(namespace, name string, addresses ...string) {
	create(namespaced("/api/v1", namespace, "services"), object{
		"metadata": object{"name": name},
		"spec": object{"ports": []object{
			{"name": "http", "port": 80}, {"name": "other", "port": 8080}}}})
	create(namespaced(discovery, namespace, "endpointslices"), slice(name, addresses...))
}

func slice(service string, addresses ...string) object {
	endpoints := []object{}
	for _, address := range addresses {
		endpoints = append(endpoints, object{"addresses": []string{address}, "conditions": object{"ready": true}})
	}
	return object{
		"metadata":    object{"name": service, "labels": object{"kubernetes.io/service-name": service}},
		"addressType": "IPv4", "endpoints": endpoints,
		"ports": []object{{"name": "http", "port": 8000}, {"name": "other", "port": 8001}}}
}

// route is an HTTPRoute of namespace/gw for one host with these rules.
func route(name, gatewayNamespace, hostname string, rules ...object) object {
	return object{
		"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": object{"name": name},
		"spec": object{
			"parentRefs": []object{{"name": "gw", "namespace": gatewayNamespace}},
			"hostnames":  []string{hostname}, "rules": rules}}
}

func rule(prefix, service string, port int, more ...object) object {
	r := object{"backendRefs": []object{{"name": service, "port": port}}}
	if prefix != "" {
		r["matches"] = []object{{"path": object{"type": "PathPrefix", "value": prefix}}}
	}
	for _, m := range more {
		for k, v := range m {
			r[k] = v
		}
	}
	return r
}

// serve answers 200 with an empty body, as the backend of all routes.
func serve() {
	for _, port := range []int{8000, 8001} {
		go func() {
			log.Fatal(http.ListenAndServe(fmt.Sprintf("0.0.0.0:%d", port), http.HandlerFunc(
				func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })))
		}()
	}
}
