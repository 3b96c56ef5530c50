package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/pkg/fieldpath"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
)

// containerSpec resolves everything that container-init needs.
func (p *pod) containerSpec(ctx context.Context, c corev1.Container) (*containerSpec, error) {
	name, _, _ := strings.Cut(c.Image, "@")
	if i := strings.LastIndex(name, ":"); i > strings.LastIndex(name, "/") {
		name = name[:i]
	}
	img, ok := p.node.images[name]
	if !ok {
		return nil, fmt.Errorf("no local binary for image %q", name)
	}
	env := map[string]string{
		"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root", "HOSTNAME": p.obj.Name,
		"KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443",
	}
	for _, e := range c.EnvFrom {
		switch {
		case e.ConfigMapRef != nil:
			cm, err := p.node.client.CoreV1().ConfigMaps(p.obj.Namespace).Get(ctx, e.ConfigMapRef.Name, metav1.GetOptions{})
			if err != nil {
				return nil, err
			}
			for k, v := range cm.Data {
				env[e.Prefix+k] = v
			}
		case e.SecretRef != nil:
			s, err := p.node.client.CoreV1().Secrets(p.obj.Namespace).Get(ctx, e.SecretRef.Name, metav1.GetOptions{})
			if err != nil {
				return nil, err
			}
			for k, v := range s.Data {
				env[e.Prefix+k] = string(v)
			}
		}
	}
	for _, e := range c.Env {
		v, err := p.envValue(ctx, e, env)
		if err != nil {
			return nil, fmt.Errorf("env %s: %w", e.Name, err)
		}
		env[e.Name] = v
	}
	argv := img.Entrypoint
	if len(c.Command) > 0 {
		argv = c.Command
	}
	spec := &containerSpec{ImageRoot: img.Root, Root: filepath.Join(p.dir, c.Name+".root"), BinDir: img.Dir, WorkDir: c.WorkingDir,
		Hosts: fmt.Sprintf("127.0.0.1 localhost\n%s %s\n", p.ip, p.obj.Name),
		Resolv: fmt.Sprintf("nameserver %s\nsearch %s.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n",
			nodeIP, p.obj.Namespace)}
	spec.User, spec.ReadOnly = security(p.obj.Spec.SecurityContext, c.SecurityContext)
	expand := expansion.MappingFuncFor(env)
	for _, a := range append(append([]string{}, argv...), c.Args...) {
		spec.Argv = append(spec.Argv, expansion.Expand(a, expand))
	}
	for k, v := range env {
		spec.Env = append(spec.Env, k+"="+v)
	}
	for target, source := range img.Files {
		spec.Mounts = append(spec.Mounts, mount{Source: source, Target: target})
	}
	for _, m := range c.VolumeMounts {
		spec.Mounts = append(spec.Mounts, mount{Source: filepath.Join(p.dir, "volumes", m.Name, m.SubPath), Target: m.MountPath})
	}
	return spec, nil
}

// security is the user of a container (0: not said), and whether its root is read-only.
func security(pod *corev1.PodSecurityContext, c *corev1.SecurityContext) (user int, readOnly bool) {
	switch {
	case c != nil && c.RunAsUser != nil:
		user = int(*c.RunAsUser)
	case pod != nil && pod.RunAsUser != nil:
		user = int(*pod.RunAsUser)
	}
	return user, c != nil && c.ReadOnlyRootFilesystem != nil && *c.ReadOnlyRootFilesystem
}

func (p *pod) envValue(ctx context.Context, e corev1.EnvVar, env map[string]string) (string, error) {
	from := e.ValueFrom
	switch {
	case from == nil:
		return expansion.Expand(e.Value, expansion.MappingFuncFor(env)), nil
	case from.FieldRef != nil:
		return p.field(from.FieldRef.FieldPath)
	case from.SecretKeyRef != nil:
		s, err := p.node.client.CoreV1().Secrets(p.obj.Namespace).Get(ctx, from.SecretKeyRef.Name, metav1.GetOptions{})
		if err != nil {
			return "", err
		}
		return string(s.Data[from.SecretKeyRef.Key]), nil
	case from.ConfigMapKeyRef != nil:
		cm, err := p.node.client.CoreV1().ConfigMaps(p.obj.Namespace).Get(ctx, from.ConfigMapKeyRef.Name, metav1.GetOptions{})
		if err != nil {
			return "", err
		}
		return cm.Data[from.ConfigMapKeyRef.Key], nil
	}
	return "1", nil // resourceFieldRef
}

func (p *pod) field(path string) (string, error) {
	switch path {
	case "status.podIP", "status.podIPs":
		return p.ip, nil
	case "status.hostIP", "status.hostIPs":
		return nodeIP, nil
	case "spec.nodeName":
		return nodeName, nil
	case "spec.serviceAccountName":
		return p.obj.Spec.ServiceAccountName, nil
	}
	return fieldpath.ExtractFieldPathAsString(p.obj, path)
}
