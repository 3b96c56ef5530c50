package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"time"
)

// authority issues the certificates of a test.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	serial      int64
}

func newAuthority() *authority {
	key := newKey()
	template := certificate(1, "authority")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(err)
	parsed, err := x509.ParseCertificate(der)
	must(err)
	return &authority{certificate: parsed, key: key, serial: 1}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// secret holds a new certificate for these names.
func (a *authority) secret(name string, names ...string) object {
	a.serial++
	key := newKey()
	template := certificate(a.serial, name)
	template.DNSNames, template.KeyUsage = names, x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	must(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	must(err)
	encode := func(kind string, data []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}) }
	return object{"metadata": object{"name": name}, "type": "kubernetes.io/tls",
		"data": object{"tls.crt": encode("CERTIFICATE", der), "tls.key": encode("PRIVATE KEY", private)}}
}

func certificate(serial int64, name string) *x509.Certificate {
	return &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
}

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	return key
}
