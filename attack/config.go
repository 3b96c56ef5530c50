package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	managementPort = "19090"
	clear          = "127.0.0.1:18080"
	secure         = "127.0.0.1:18443"
	goodBackend    = "127.0.0.1:19101"
	evilBackend    = "127.0.0.1:19102"
	// Limits by client address hold for attackers; the others come from elsewhere.
	attacker, victim, harmless = "127.0.0.2", "127.0.0.3", "127.0.0.4"
)

const objects = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: sluice}
spec: {controllerName: sluice.dev/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  gatewayClassName: sluice
  listeners:
  - {name: http, port: 18080, protocol: HTTP}
  - {name: https, port: 18443, protocol: HTTPS, tls: {certificateRefs: [{name: certificate}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: routes}
spec:
  parentRefs: [{name: gw}]
  rules:
  - matches: [{path: {type: PathPrefix, value: /public}}]
    backendRefs: [{name: good, port: 80}]
  - matches: [{path: {type: PathPrefix, value: /evil}}]
    backendRefs: [{name: evil, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: good, annotations: {sluice.dev/endpoints: "GOOD"}}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: evil, annotations: {sluice.dev/endpoints: "EVIL"}}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Secret
metadata: {name: certificate}
type: kubernetes.io/tls
data: {tls.crt: "CERTIFICATE", tls.key: "KEY"}
`

// configure writes what Sluice serves into dir/config.
func configure(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "attack"}, DNSNames: []string{"attack"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	text := strings.NewReplacer("GOOD", goodBackend, "EVIL", evilBackend,
		"CERTIFICATE", encoded("CERTIFICATE", certificate), "KEY", encoded("PRIVATE KEY", private)).Replace(objects)
	if err := os.MkdirAll(filepath.Join(dir, "config"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "config/objects.yaml"), []byte(text), 0o644)
}

func encoded(kind string, der []byte) string {
	var text bytes.Buffer
	pem.Encode(&text, &pem.Block{Type: kind, Bytes: der})
	return base64.StdEncoding.EncodeToString(text.Bytes())
}
