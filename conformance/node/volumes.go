package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	authv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// followVolumes writes the volumes again every second, so that they follow
// their sources (the kubelet takes up to a minute).
func (p *pod) followVolumes(ctx context.Context) {
	for {
		sleep(ctx, time.Second)
		if ctx.Err() != nil {
			return
		}
		p.volumes(ctx) // an error is a source that is away: what was written stays
	}
}

// volumes writes the pod's volumes as plain directories, and files whose
// content has changed in one step.
func (p *pod) volumes(ctx context.Context) error {
	for _, v := range p.obj.Spec.Volumes {
		dir := filepath.Join(p.dir, "volumes", v.Name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		var err error
		switch {
		case v.Secret != nil:
			err = p.secretFiles(ctx, dir, v.Secret.SecretName, v.Secret.Items, v.Secret.Optional)
		case v.ConfigMap != nil:
			err = p.configMapFiles(ctx, dir, v.ConfigMap.Name, v.ConfigMap.Items, v.ConfigMap.Optional)
		case v.DownwardAPI != nil:
			err = p.downwardFiles(dir, v.DownwardAPI.Items)
		case v.Projected != nil:
			for _, s := range v.Projected.Sources {
				switch {
				case s.Secret != nil:
					err = p.secretFiles(ctx, dir, s.Secret.Name, s.Secret.Items, s.Secret.Optional)
				case s.ConfigMap != nil:
					err = p.configMapFiles(ctx, dir, s.ConfigMap.Name, s.ConfigMap.Items, s.ConfigMap.Optional)
				case s.DownwardAPI != nil:
					err = p.downwardFiles(dir, s.DownwardAPI.Items)
				case s.ServiceAccountToken != nil:
					err = p.tokenFile(ctx, dir, s.ServiceAccountToken)
				}
				if err != nil {
					break
				}
			}
		case v.EmptyDir != nil:
			err = os.Chmod(dir, 0o777)
		default:
			err = fmt.Errorf("volume %s: kind not supported", v.Name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *pod) secretFiles(ctx context.Context, dir, name string, items []corev1.KeyToPath, optional *bool) error {
	s, err := p.node.client.CoreV1().Secrets(p.obj.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		if optional != nil && *optional {
			return nil
		}
		return err
	}
	return writeFiles(dir, s.Data, items)
}

func (p *pod) configMapFiles(ctx context.Context, dir, name string, items []corev1.KeyToPath, optional *bool) error {
	cm, err := p.node.client.CoreV1().ConfigMaps(p.obj.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		if optional != nil && *optional {
			return nil
		}
		return err
	}
	data := map[string][]byte{}
	for k, v := range cm.Data {
		data[k] = []byte(v)
	}
	for k, v := range cm.BinaryData {
		data[k] = v
	}
	return writeFiles(dir, data, items)
}

func writeFiles(dir string, data map[string][]byte, items []corev1.KeyToPath) error {
	if items == nil {
		for k := range data {
			items = append(items, corev1.KeyToPath{Key: k, Path: k})
		}
	}
	for _, it := range items {
		file := filepath.Join(dir, it.Path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if known, err := os.ReadFile(file); err == nil && bytes.Equal(known, data[it.Key]) {
			continue
		}
		if err := os.WriteFile(file+".new", data[it.Key], 0o644); err != nil {
			return err
		}
		if err := os.Rename(file+".new", file); err != nil {
			return err
		}
	}
	return nil
}

func (p *pod) downwardFiles(dir string, items []corev1.DownwardAPIVolumeFile) error {
	for _, it := range items {
		value := "1"
		if it.FieldRef != nil {
			var err error
			if value, err = p.field(it.FieldRef.FieldPath); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(dir, it.Path), []byte(value), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (p *pod) tokenFile(ctx context.Context, dir string, src *corev1.ServiceAccountTokenProjection) error {
	if _, err := os.Stat(filepath.Join(dir, src.Path)); err == nil {
		return nil
	}
	seconds := int64(24 * 3600) // never refreshed
	req := &authv1.TokenRequest{Spec: authv1.TokenRequestSpec{ExpirationSeconds: &seconds,
		BoundObjectRef: &authv1.BoundObjectReference{Kind: "Pod", APIVersion: "v1", Name: p.obj.Name, UID: p.obj.UID}}}
	if src.Audience != "" {
		req.Spec.Audiences = []string{src.Audience}
	}
	tok, err := p.node.client.CoreV1().ServiceAccounts(p.obj.Namespace).CreateToken(ctx, p.obj.Spec.ServiceAccountName, req, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, src.Path), []byte(tok.Status.Token), 0o644)
}
