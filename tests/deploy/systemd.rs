//! The unit: it gives the program the time that it asks for, and no restart where none helps.

use std::time::Duration;

use crate::read;

fn value<'u>(unit: &'u str, key: &str) -> Option<&'u str> {
    unit.lines().filter_map(|line| line.split_once('=')).find(|(k, _)| *k == key).map(|(_, value)| value)
}

#[test]
fn the_unit_waits_longer_than_the_drain_and_does_not_restart_what_cannot_start() {
    let unit = read("deploy/systemd/tripline.service");
    let settings = crate::tripline::settings("deploy/tripline.toml", &[]);
    let patience = Duration::from_secs(value(&unit, "TimeoutStopSec").unwrap().parse().unwrap());
    assert!(patience > settings.shutdown.drain());
    assert_eq!(value(&unit, "Restart"), Some("on-failure"));
    assert_eq!(value(&unit, "RestartPreventExitStatus"), Some("2"));
    assert_eq!(value(&unit, "ExecReload"), Some("/bin/kill -HUP $MAINPID"));
}

#[test]
fn the_unit_gives_no_privileges() {
    let unit = read("deploy/systemd/tripline.service");
    for (key, expected) in [
        ("DynamicUser", "yes"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("CapabilityBoundingSet", ""),
        ("SystemCallFilter", "@system-service"),
    ] {
        assert_eq!(value(&unit, key), Some(expected), "{key}");
    }
    assert!(!unit.contains("PASSWORD=x") && !unit.contains("Environment=TRIPLINE"), "secrets come from a file");
}
