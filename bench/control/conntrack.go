package main

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// connections knows by which pod each TCP connection of this node is answered: the kernel tells of every
// connection when its first packet has passed the rules of kube-proxy (nf_conntrack_netlink(7)).
type connections struct {
	mu   sync.Mutex
	pods map[uint16]netip.Addr // by local port, the newest
	lost int                   // how often the kernel had more to tell than it could keep
}

const (
	newConnections = 1 << 0 // NFNLGRP_CONNTRACK_NEW
	nested         = ^uint16(syscall.NLA_F_NESTED)

	ctaTupleOrig, ctaTupleReply  = 1, 2
	ctaTupleIP, ctaTupleProto    = 1, 2
	ctaIPv4Src                   = 1
	ctaProtoNum, ctaProtoSrcPort = 1, 2
)

func followConnections() (*connections, error) {
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, syscall.NETLINK_NETFILTER)
	if err != nil {
		return nil, fmt.Errorf("netfilter socket: %w", err)
	}
	// As much as is permitted: what does not fit is lost, and a failure stays unexplained.
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_RCVBUF, 16<<20); err != nil {
		return nil, fmt.Errorf("buffer for connections: %w", err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK, Groups: newConnections}); err != nil {
		return nil, fmt.Errorf("new connections cannot be followed: %w", err)
	}
	c := &connections{pods: map[uint16]netip.Addr{}}
	go c.read(fd)
	return c, nil
}

func (c *connections) read(fd int) {
	buffer := make([]byte, 1<<17)
	for {
		n, _, err := syscall.Recvfrom(fd, buffer, 0)
		if err != nil {
			c.mu.Lock()
			c.lost++
			c.mu.Unlock()
			continue
		}
		messages, err := syscall.ParseNetlinkMessage(buffer[:n])
		must(err)
		for _, message := range messages {
			const nfgenmsg = 4
			if len(message.Data) < nfgenmsg {
				continue
			}
			tuples := attributes(message.Data[nfgenmsg:])
			asked, answered := attributes(tuples[ctaTupleOrig]), attributes(tuples[ctaTupleReply])
			proto := attributes(asked[ctaTupleProto])
			pod, isAddress := netip.AddrFromSlice(attributes(answered[ctaTupleIP])[ctaIPv4Src])
			if len(proto[ctaProtoNum]) == 1 && proto[ctaProtoNum][0] == syscall.IPPROTO_TCP && isAddress {
				c.mu.Lock()
				c.pods[binary.BigEndian.Uint16(proto[ctaProtoSrcPort])] = pod
				c.mu.Unlock()
			}
		}
	}
}

// attributes splits a list of netlink attributes.
func attributes(data []byte) map[uint16][]byte {
	found := map[uint16][]byte{}
	for len(data) >= syscall.SizeofNlAttr {
		header := (*syscall.NlAttr)(unsafe.Pointer(&data[0]))
		length := int(header.Len)
		if length < syscall.SizeofNlAttr || length > len(data) {
			break
		}
		found[header.Type&nested] = data[syscall.SizeofNlAttr:length]
		data = data[min((length+3)&^3, len(data)):]
	}
	return found
}

// pod is the address that a connection from a local port was led to. It says so when the kernel told of none.
func (c *connections) pod(port uint16) string {
	lost := 0
	for range 200 {
		c.mu.Lock()
		pod, known := c.pods[port]
		lost = c.lost
		c.mu.Unlock()
		if known {
			return pod.String()
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Sprintf("unknown (%d losses)", lost)
}

// forget is called before a port is used again, so that no older connection answers for it.
func (c *connections) forget(port uint16) {
	c.mu.Lock()
	delete(c.pods, port)
	c.mu.Unlock()
}
