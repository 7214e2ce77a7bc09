{{/* The name of all objects: a StatefulSet's may have 52 characters, for its pods' labels add eleven. */}}
{{- define "rollout-proxy.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else -}}
{{- $release := .Release.Name | replace "." "-" -}}
{{- contains .Chart.Name $release | ternary $release (printf "%s-%s" $release .Chart.Name) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The labels by which pods are found; they never change. */}}
{{- define "rollout-proxy.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "rollout-proxy.metadata" -}}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "rollout-proxy.selector" . | nindent 2 }}
  app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Not empty where the replicas are a cluster. */}}
{{- define "rollout-proxy.clustered" -}}
{{- if gt (int .Values.replicas) 1 -}}yes{{- end -}}
{{- end -}}

{{/* Not empty where all replicas share a volume; else each has its own. */}}
{{- define "rollout-proxy.shared" -}}
{{- if and (include "rollout-proxy.clustered" .) (eq .Values.cluster.lease "directory") -}}yes{{- end -}}
{{- end -}}

{{- define "rollout-proxy.secret" -}}
{{- .Values.secrets.existingSecret | default (include "rollout-proxy.fullname" .) -}}
{{- end -}}

{{- define "rollout-proxy.members-secret" -}}
{{- .Values.cluster.tls.existingSecret | default (printf "%s-cluster" (include "rollout-proxy.fullname" .)) -}}
{{- end -}}

{{/* What a volume is asked for, shared or not. */}}
{{- define "rollout-proxy.claim" -}}
accessModes: [{{ if include "rollout-proxy.shared" . }}ReadWriteMany{{ else }}ReadWriteOnce{{ end }}]
{{- with .Values.state.storageClass }}
storageClassName: {{ . }}
{{- end }}
resources:
  requests:
    storage: {{ .Values.state.size }}
{{- end -}}
