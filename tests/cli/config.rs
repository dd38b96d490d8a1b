//! `tripline config`, and what somebody meets who has no settings yet.

use crate::program::{Folder, Run, finish};

const SETTINGS: &str = "\
[kafka]
gaps = \"continue\"
[kafka.properties]
\"sasl.password\" = \"s3cret-1\"
\"sasl.username\" = \"u\"
[[source]]
topic = \"posts\"
kind = \"post\"
text = { body = \"/body\", title = \"/a~1b\" }
[[source]]
topic = \"more\"
kind = \"registration\"
links = { website = \"/w\" }
[rules]
paths = []
[http]
token = \"s3cret-2\"
";

fn show(folder: &Folder, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let arguments: Vec<_> = ["config", "show"].iter().chain(arguments).copied().collect();
    let mut command = folder.command(&arguments);
    command.envs(environment.iter().copied());
    finish(command, b"")
}

#[test]
fn every_setting_is_shown_with_where_it_came_from_and_without_secrets() {
    let folder = Folder::with(&[("tripline.toml", SETTINGS)]);
    let environment =
        [("TRIPLINE__KAFKA__GROUP_ID", "from-outside"), ("TRIPLINE__KAFKA__PROPERTIES__SSL_KEY_PASSWORD", "s3cret-3")];
    for format in ["text", "json", "toml"] {
        let run = show(&folder, &["--format", format, "--set", "log.level=debug"], &environment);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
        assert!(!run.stdout.contains("s3cret"), "{run}");
        insta::assert_snapshot!(format!("config-show-{format}"), run.stdout);
    }
}

#[test]
fn only_what_was_changed_is_shown_when_somebody_asks_for_that() {
    let folder = Folder::with(&[("tripline.toml", SETTINGS)]);
    let run = show(&folder, &["--changed"], &[("TRIPLINE__KAFKA__GAPS", "stop"), ("TRIPLINE__LOG__FORMAT", "json")]);
    let keys: Vec<_> = run.stdout.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(keys.contains(&"log.format") && keys.contains(&"source[1].links.website"), "{run}");
    // set, but to what it would be anyway
    assert!(!keys.contains(&"kafka.gaps") && !keys.contains(&"kafka.start"), "{run}");
}

#[test]
fn what_is_shown_as_toml_is_a_settings_file_that_says_the_same() {
    let folder = Folder::with(&[("tripline.toml", SETTINGS)]);
    let flags = ["--format", "toml", "--set", "kafka.instance=a \"b\" \\ 中"];
    let first = show(&folder, &flags, &[]);
    folder.write("again.toml", first.stdout.as_bytes());
    let values = |run: &Run| -> Vec<String> {
        run.stdout.lines().map(|line| line.split("  # ").next().unwrap().to_owned()).collect()
    };
    let second = show(&folder, &["--format", "toml", "again.toml"], &[]);
    assert_eq!(second.code, 0, "{second}");
    // the two secrets are comments in the first, and not set in the second
    let without_secrets = |run: &Run| -> Vec<String> {
        values(run).into_iter().filter(|line| !line.contains("token") && !line.contains("password")).collect()
    };
    assert_eq!(without_secrets(&first), without_secrets(&second));
    let digest = |name: &str, flags: &[&str]| {
        let arguments: Vec<_> = ["config", "check", name].iter().chain(flags).copied().collect();
        let run = folder.run(&arguments);
        run.stdout.rsplit(' ').next().unwrap().to_owned()
    };
    assert_eq!(digest("again.toml", &[]), digest("tripline.toml", &flags[2..]));
}

#[test]
fn problems_are_told_beside_the_values_that_can_be_read() {
    let folder = Folder::with(&[("tripline.toml", &SETTINGS.replace("\"continue\"", "7"))]);
    let run = show(&folder, &[], &[]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stderr.contains("kafka.gaps: must be a text, not the number 7 (tripline.toml:2)"), "{run}");
    assert!(run.stdout.lines().any(|line| line.starts_with("kafka.gaps ") && line.contains("(wrong)")), "{run}");
    assert!(run.stdout.contains("source[1].links.website"), "{run}");
    let run = show(&folder, &["--format", "json"], &[]);
    assert_eq!(run.code, 1, "{run}");
    let object: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(object["problems"][0]["key"], "kafka.gaps");
    assert_eq!(object["problems"][0]["from"]["line"], 2);
}

#[test]
fn a_file_can_be_named_without_a_flag_but_not_twice() {
    let folder = Folder::with(&[("here.toml", SETTINGS), ("there.toml", SETTINGS)]);
    for command in ["check", "show"] {
        assert_eq!(folder.run(&["config", command, "here.toml"]).code, 0, "{command}");
        let run = folder.run(&["config", command, "here.toml", "-c", "there.toml"]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
    }
}

#[test]
fn the_example_is_a_settings_file_with_nothing_but_defaults() {
    let folder = Folder::with(&[("rules/README.md", "")]);
    let run = folder.run(&["config", "example"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
    folder.write("tripline.toml", run.stdout.as_bytes());
    let run = show(&folder, &["--changed"], &[]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.lines().all(|line| line.starts_with("source[")), "{run}");
}

#[test]
fn who_has_only_the_program_is_told_of_the_lists_in_it() {
    let folder = Folder::with(&[]);
    let run = folder.run(&["config", "example"]);
    assert!(run.code == 0 && run.stderr.contains("rules.paths = []"), "{run}");
    folder.write("tripline.toml", run.stdout.as_bytes());
    let run = folder.run(&["config", "check"]);
    assert!(run.code == 1 && run.stdout.contains("[] means the lists built into the program"), "{run}");
    assert_eq!(folder.run(&["config", "check", "--set", "rules.paths="]).code, 0);
}

#[test]
fn without_a_settings_file_the_next_step_is_told() {
    let folder = Folder::with(&[]);
    for arguments in [&["run"][..], &["config", "check"], &["config", "show"], &["run", "-c", "gone.toml"]] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
        for words in ["there is no settings file ", "tripline config example > tripline.toml", "-c FILE"] {
            assert!(run.stderr.contains(words), "{words}\n{run}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf8_is_told() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::with(&[("tripline.toml", SETTINGS)]);
    let mut command = folder.command(&["config", "check"]);
    command.env("TRIPLINE__KAFKA__GROUP_ID", std::ffi::OsStr::from_bytes(b"caf\xe9"));
    let run = finish(command, b"");
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stdout.contains("TRIPLINE__KAFKA__GROUP_ID") && run.stdout.contains("not UTF-8"), "{run}");
}
