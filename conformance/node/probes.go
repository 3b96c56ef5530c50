package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// awaitReady keeps the container's readiness, with its readiness probe if it
// has one, and else by the first of its TCP ports.
func (p *pod) awaitReady(ctx context.Context, c *container) {
	period := 200 * time.Millisecond
	for ctx.Err() == nil {
		ready := p.probe(c.spec, c.spec.ReadinessProbe)
		p.mu.Lock()
		changed := ready != c.ready
		c.ready = ready
		p.mu.Unlock()
		if changed {
			p.report(ctx)
		}
		if ready && c.spec.ReadinessProbe == nil {
			return
		}
		if ready {
			period = 2 * time.Second
		}
		sleep(ctx, period)
	}
}

// live kills a container whose liveness probe fails too often.
func (p *pod) live(ctx context.Context, c *container, pid int) {
	probe := c.spec.LivenessProbe
	if probe == nil || probe.HTTPGet == nil && probe.TCPSocket == nil {
		return
	}
	sleep(ctx, time.Duration(probe.InitialDelaySeconds)*time.Second)
	for startup := c.spec.StartupProbe; startup != nil && ctx.Err() == nil && !p.probe(c.spec, startup); {
		sleep(ctx, time.Second) // for as long as it takes
	}
	failures := int32(0)
	for ctx.Err() == nil {
		if p.probe(c.spec, probe) {
			failures = 0
		} else if failures++; failures >= max(probe.FailureThreshold, 1) && ctx.Err() == nil {
			p.logf("container %s is not live: killed", c.spec.Name)
			syscall.Kill(-pid, syscall.SIGKILL)
			return
		}
		sleep(ctx, time.Duration(max(probe.PeriodSeconds, 1))*time.Second)
	}
}

func (p *pod) probe(c corev1.Container, probe *corev1.Probe) bool {
	timeout := time.Second
	if probe != nil {
		timeout = time.Duration(max(probe.TimeoutSeconds, 1)) * time.Second
	}
	client := http.Client{Timeout: timeout, Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	if probe != nil {
		switch {
		case probe.HTTPGet != nil:
			resp, err := client.Get(fmt.Sprintf("%s://%s:%d%s", strings.ToLower(string(probe.HTTPGet.Scheme)), p.ip, port(c, probe.HTTPGet.Port), probe.HTTPGet.Path))
			if err != nil {
				return false
			}
			resp.Body.Close()
			return resp.StatusCode < 400
		case probe.TCPSocket != nil:
			return dialable(p.ip, port(c, probe.TCPSocket.Port))
		}
		return true // exec and gRPC probes: take it as ready
	}
	for _, cp := range c.Ports {
		if cp.Protocol == corev1.ProtocolTCP {
			return dialable(p.ip, int(cp.ContainerPort))
		}
	}
	return true
}

func dialable(ip string, port int) bool {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("%s:%d", ip, port), time.Second)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

func port(c corev1.Container, p intstr.IntOrString) int {
	for _, cp := range c.Ports {
		if p.Type == intstr.String && cp.Name == p.StrVal {
			return int(cp.ContainerPort)
		}
	}
	return p.IntValue()
}
