//! The manifests: what the pods are told is what the program knows, and they leave it the time and the rights it needs.
//!
//! The API's own schemas are not here; which tool checked the manifests against them stands in `deploy/README.md`.

use std::path::Path;

use serde_json::Value;
use tripline::config::Settings;

use crate::yaml::{document, documents, texts};
use crate::{files_below, read, root};

const BASE: &str = "deploy/kubernetes/base";

fn manifest(name: &str) -> Value {
    document(&format!("{BASE}/{name}.yaml"))
}

fn container() -> Value {
    manifest("statefulset")["spec"]["template"]["spec"]["containers"][0].clone()
}

/// What the pod's environment says, a made-up value where the cluster gives it.
fn environment() -> Vec<(String, String)> {
    let container = container();
    let env = container["env"].as_array().expect("env").clone();
    let name = |variable: &Value| variable["name"].as_str().expect("a name").to_owned();
    env.iter().map(|v| (name(v), v["value"].as_str().unwrap_or("tripline-0").to_owned())).collect()
}

/// The example's secrets, which are settings too.
fn secrets() -> Vec<(String, String)> {
    let text = read("deploy/kubernetes/example/secrets.env");
    text.lines().filter_map(|line| line.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

fn settings() -> Settings {
    crate::tripline::settings(&format!("{BASE}/tripline.toml"), &environment())
}

#[test]
fn the_settings_load_and_every_variable_reaches_a_key() {
    assert_eq!(settings().kafka.instance, "tripline-0", "the pod's name");
    let all: Vec<_> = environment().into_iter().chain(secrets()).collect();
    let example = crate::tripline::settings("deploy/kubernetes/example/tripline.toml", &all);
    let property = |name: &str| example.kafka.properties.get(name).map(String::as_str);
    assert_eq!(property("sasl.password"), Some("change-me"));
    assert_eq!(property("security.protocol"), Some("SASL_SSL"));
    assert_eq!(example.http.token.expect("a token").reveal(), "change-me-too");
}

#[test]
fn the_base_and_the_example_judge_the_same_fields_as_the_shipped_settings() {
    let shipped = crate::tripline::settings("deploy/tripline.toml", &[]);
    let example = crate::tripline::settings("deploy/kubernetes/example/tripline.toml", &[]);
    assert_eq!(settings().sources, shipped.sources);
    assert_eq!(example.sources, shipped.sources);
}

#[test]
fn rules_are_read_from_where_the_image_and_the_volumes_have_them() {
    let container = container();
    let mounts = container["volumeMounts"].as_array().expect("mounts").clone();
    let dockerfile = read("deploy/Dockerfile");
    for path in &settings().rules.paths {
        let in_image = dockerfile.contains(&format!("COPY rules {}\n", path.display()));
        let mount = mounts.iter().find(|mount| Path::new(mount["mountPath"].as_str().unwrap()) == path);
        assert!(in_image || mount.is_some(), "{}", path.display());
        assert!(mount.is_none_or(|mount| mount["subPath"].is_null()), "a file mounted by subPath never changes");
    }
    let args = texts(&container["args"]);
    let file = Path::new(args.last().expect("the settings file"));
    let folder = file.parent().and_then(Path::to_str).expect("a folder");
    assert!(mounts.iter().any(|mount| mount["mountPath"] == folder), "{file:?}");
    let kustomization = manifest("kustomization");
    let maps = kustomization["configMapGenerator"].as_array().expect("config maps");
    assert_eq!(
        maps[1]["options"]["disableNameSuffixHash"], true,
        "or the pods would roll instead of loading the rules"
    );
    for map in maps {
        for file in texts(&map["files"]) {
            assert!(root().join(BASE).join(file).is_file(), "{file}");
        }
    }
}

#[test]
fn the_overlay_can_be_laid_over_the_shipped_lists() {
    use tripline::config::RuleSource;
    let paths = ["rules", "deploy/kubernetes/base/rules"].map(|path| root().join(path));
    RuleSource::Paths(paths.to_vec()).builder().unwrap().build().unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn probes_ask_the_routes_and_the_port_of_the_settings() {
    let container = container();
    let port = &container["ports"][0];
    let listen = settings().http.listen;
    assert_eq!(port["containerPort"], listen.port());
    assert!(listen.ip().is_unspecified(), "probes come from outside the pod");
    for (probe, path) in [("startupProbe", "/live"), ("livenessProbe", "/live"), ("readinessProbe", "/ready")] {
        let get = &container[probe]["httpGet"];
        assert_eq!((&get["path"], &get["port"]), (&Value::from(path), &port["name"]), "{probe}");
    }
    let service = manifest("service");
    assert_eq!(service["spec"]["ports"][0]["port"], listen.port());
    assert_eq!(service["spec"]["ports"][0]["targetPort"], port["name"]);
    let monitor = document("deploy/kubernetes/components/monitoring/podmonitor.yaml");
    assert_eq!(monitor["spec"]["podMetricsEndpoints"][0]["port"], port["name"]);
    let policy = document("deploy/kubernetes/components/network-policy/networkpolicy.yaml");
    assert_eq!(policy["spec"]["ingress"][0]["ports"][0]["port"], port["name"]);
}

#[test]
fn a_pod_has_more_time_to_end_than_the_drain_takes() {
    let stateful_set = manifest("statefulset");
    let grace = stateful_set["spec"]["template"]["spec"]["terminationGracePeriodSeconds"].as_u64().expect("seconds");
    assert!(u128::from(grace) * 1_000 > settings().shutdown.drain().as_millis() + 5_000);
}

#[test]
fn a_pod_has_no_more_rights_than_it_needs() {
    let stateful_set = manifest("statefulset");
    let pod = &stateful_set["spec"]["template"]["spec"];
    let container = container();
    for (what, is, should) in [
        ("root", &pod["securityContext"]["runAsNonRoot"], Value::from(true)),
        ("seccomp", &pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault".into()),
        ("token", &pod["automountServiceAccountToken"], false.into()),
        ("file system", &container["securityContext"]["readOnlyRootFilesystem"], true.into()),
        ("escalation", &container["securityContext"]["allowPrivilegeEscalation"], false.into()),
        ("capabilities", &container["securityContext"]["capabilities"]["drop"], serde_json::json!(["ALL"])),
    ] {
        assert_eq!(*is, should, "{what}");
    }
    let user = pod["securityContext"]["runAsUser"].as_u64().expect("by number");
    assert!(read("deploy/Dockerfile").contains(&format!("USER {user}:{user}\n")), "the image's user");
}

#[test]
fn every_selector_finds_the_pods() {
    let kustomization = manifest("kustomization");
    let labels = &kustomization["labels"][0];
    assert_eq!(labels["includeSelectors"], true);
    let (name, value) = labels["pairs"].as_object().and_then(|pairs| pairs.iter().next()).expect("a label");
    for file in files_below("deploy/kubernetes") {
        let Some("yaml") = file.extension().and_then(|ending| ending.to_str()) else { continue };
        for document in documents(&std::fs::read_to_string(&file).unwrap()) {
            let spec = &document["spec"];
            for selector in ["selector", "podSelector"].map(|key| &spec[key]).into_iter().filter(|s| !s.is_null()) {
                // Kustomize fills in those of Service and StatefulSet, which have none of their own.
                assert_eq!(selector["matchLabels"][name], *value, "{}", file.display());
            }
        }
    }
}

#[test]
fn autoscaling_looks_at_the_topics_of_the_settings() {
    let scaled = document("deploy/kubernetes/components/keda/scaledobject.yaml");
    let settings = settings();
    let triggers = scaled["spec"]["triggers"].as_array().expect("triggers");
    let topics: Vec<_> = triggers.iter().map(|trigger| trigger["metadata"]["topic"].as_str().unwrap()).collect();
    assert_eq!(topics, settings.sources.iter().map(|source| source.topic.as_str()).collect::<Vec<_>>());
    for trigger in triggers {
        assert_eq!(trigger["metadata"]["bootstrapServers"], settings.kafka.bootstrap_servers.as_str());
        assert_eq!(trigger["metadata"]["consumerGroup"], settings.kafka.group_id.as_str());
    }
    assert_eq!(scaled["spec"]["scaleTargetRef"]["name"], manifest("statefulset")["metadata"]["name"]);
    assert!(settings.kafka.consumers > 0, "maxReplicaCount is counted in consumers");
}

#[test]
fn the_example_lets_autoscaling_reach_the_brokers_as_the_pods_do() {
    let example = crate::tripline::settings("deploy/kubernetes/example/tripline.toml", &secrets());
    let kustomization = document("deploy/kubernetes/example/kustomization.yaml");
    let operations = documents(kustomization["patches"][0]["patch"].as_str().expect("a patch"));
    let patched = |path: &str| {
        let found = operations[0].as_array().expect("operations").iter().find(|patch| patch["path"] == path);
        found.unwrap_or_else(|| panic!("{path}"))["value"].clone()
    };
    let auth = document("deploy/kubernetes/example/kafka-auth.yaml");
    for (number, _) in example.sources.iter().enumerate() {
        let trigger = format!("/spec/triggers/{number}");
        let servers = patched(&format!("{trigger}/metadata/bootstrapServers"));
        assert_eq!(servers, example.kafka.bootstrap_servers.as_str());
        let mechanism =
            example.kafka.properties["sasl.mechanism"].to_lowercase().replace("sha-", "sha").replace('-', "_");
        assert_eq!(patched(&format!("{trigger}/metadata/sasl")), mechanism);
        assert_eq!(patched(&format!("{trigger}/authenticationRef"))["name"], auth["metadata"]["name"]);
    }
    for reference in auth["spec"]["secretTargetRef"].as_array().expect("references") {
        assert!(secrets().iter().any(|(name, _)| reference["key"] == name.as_str()), "{reference}");
    }
}

#[test]
fn the_image_is_the_version_of_the_package() {
    assert_eq!(container()["image"], format!("tripline:{}", env!("CARGO_PKG_VERSION")));
    let compose = document("deploy/compose.yaml");
    assert_eq!(compose["services"]["tripline"]["image"], container()["image"]);
    let example = document("deploy/kubernetes/example/kustomization.yaml");
    assert_eq!(example["images"][0]["newTag"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_prometheus_rule_has_the_alerts_and_recording_rules() {
    const FILE: &str = "deploy/kubernetes/components/monitoring/prometheusrule.yaml";
    let mut made = String::from(
        "# Made from deploy/prometheus/rules.yaml and alerts.yaml by `TRIPLINE_BLESS=1 cargo test --test deploy`; change those.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: tripline
spec:
  groups:
",
    );
    for file in ["rules", "alerts"] {
        let text = read(&format!("deploy/prometheus/{file}.yaml"));
        let (_, groups) = text.split_once("\ngroups:\n").expect("groups");
        for line in groups.trim_end().lines() {
            made.push_str(if line.is_empty() { "" } else { "  " });
            made.push_str(line);
            made.push('\n');
        }
    }
    if std::env::var_os("TRIPLINE_BLESS").is_some() {
        std::fs::write(root().join(FILE), &made).expect("it can be written");
    }
    assert!(read(FILE) == made, "{FILE} is not what the rules are: TRIPLINE_BLESS=1 cargo test --test deploy");
}
