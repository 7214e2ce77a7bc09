{{/* Values that the schema cannot refuse, because several of them do not go together. */}}
{{- define "rollout-proxy.refused" -}}
{{- $replicas := int .Values.replicas -}}
{{- $cluster := .Values.cluster -}}
{{- $voters := int $cluster.voters -}}
{{- if and .Values.autoscaling.enabled (eq $replicas 1) -}}
{{- fail "autoscaling.enabled: true (expected: false where replicas is 1: two replicas without a cluster would be two rollouts)" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (le (int .Values.autoscaling.max) $replicas) -}}
{{- fail (printf "autoscaling.max: %d (expected: more than replicas, %d)" (int .Values.autoscaling.max) $replicas) -}}
{{- end -}}
{{- if include "rollout-proxy.clustered" . -}}
{{- if and (eq $cluster.lease "raft") (lt $replicas $voters) -}}
{{- fail (printf "replicas: %d (expected: at least cluster.voters, %d, with the lease raft: a majority of them decides)" $replicas $voters) -}}
{{- end -}}
{{- if and (eq $cluster.lease "raft") .Values.state.existingClaim -}}
{{- fail (printf "state.existingClaim: %q (expected: empty with the lease raft: each replica has a volume of its own)" .Values.state.existingClaim) -}}
{{- end -}}
{{- if and (eq $cluster.lease "directory") (not .Values.state.storageClass) (not .Values.state.existingClaim) -}}
{{- fail "state.storageClass: \"\" (expected: a class whose volumes are ReadWriteMany, with POSIX locks, or a state.existingClaim: with the lease directory all replicas share one; where there is none, cluster.lease is raft)" -}}
{{- end -}}
{{- else if .Values.state.existingClaim -}}
{{- fail (printf "state.existingClaim: %q (expected: empty where replicas is 1: it has a volume of its own)" .Values.state.existingClaim) -}}
{{- end -}}
{{- if and $cluster.tls.certManager.enabled (not $cluster.tls.certManager.issuer) -}}
{{- fail "cluster.tls.certManager.issuer: \"\" (expected: the name of an issuer that signs for nobody else)" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) -}}
{{- fail "ingress.host: \"\" (expected: the name by which clients come)" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not (and .Values.httpRoute.host .Values.httpRoute.gateway.name)) -}}
{{- fail "httpRoute: no host or no gateway.name (expected: the name by which clients come, and the Gateway that takes them)" -}}
{{- end -}}
{{- if and .Values.networkPolicy.enabled (ne .Values.service.type "ClusterIP") -}}
{{- $blocks := false -}}
{{- range .Values.networkPolicy.clients -}}
{{- if hasKey . "ipBlock" -}}{{- $blocks = true -}}{{- end -}}
{{- end -}}
{{- if not $blocks -}}
{{- fail (printf "networkPolicy.clients: no ipBlock (expected: one with the addresses that come to a Service of type %s, which are no pods: all else is shut out)" .Values.service.type) -}}
{{- end -}}
{{- end -}}
{{- $alerts := get .Values.configuration "alerts" | default dict -}}
{{- range get $alerts "channels" | default list -}}
{{- if and (has (get . "type") (list "pagerduty" "opsgenie")) (not (get $alerts "environment")) -}}
{{- fail "configuration.alerts.environment: none (expected: the name of this installation, such as production: incidents are told apart by it, so that two without one end each other's)" -}}
{{- end -}}
{{- end -}}
{{- range list "server.host" "server.port" "admin.host" "admin.port" "admin.tls" "metrics.listener" "state.dir" "cluster" "simulate" -}}
{{- $path := splitList "." . -}}
{{- $object := $.Values.configuration -}}
{{- range initial $path -}}
{{- $object = get $object . | default dict -}}
{{- end -}}
{{- if hasKey $object (last $path) -}}
{{- fail (printf "configuration.%s (expected: not there: ports, probes and volumes of the chart go by its own)" .) -}}
{{- end -}}
{{- end -}}
{{- include "rollout-proxy.literals" (list "configuration" .Values.configuration) -}}
{{- end -}}

{{/* Fails where a secret stands in the configuration as it is: a ConfigMap is read by whoever may list it. */}}
{{- define "rollout-proxy.literals" -}}
{{- $path := index . 0 -}}
{{- $value := index . 1 -}}
{{- if kindIs "map" $value -}}
{{- range $key, $each := $value -}}
{{- include "rollout-proxy.literals" (list (printf "%s.%s" $path $key) $each) -}}
{{- end -}}
{{- else if kindIs "slice" $value -}}
{{- range $value -}}
{{- include "rollout-proxy.literals" (list (printf "%s[]" $path) .) -}}
{{- end -}}
{{- else if and (kindIs "string" $value) $value (not (contains "${" $value)) -}}
{{- if regexMatch "(\\.token|\\.endpointKey|\\.headers\\.[^.]+|alerts\\.channels\\[\\]\\.(url|key|secret|password))$" $path -}}
{{- fail (printf "%s: a secret in the ConfigMap (expected: \"${file:/run/secrets/rollout-proxy/…}\", or \"${NAME}\" of a variable in env)" $path) -}}
{{- end -}}
{{- end -}}
{{- end -}}
