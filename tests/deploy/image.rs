//! The image: what is copied into it exists and is sent to the builder, and it runs as nobody in particular.

use crate::{files_below, read, root};

/// The instructions of the Dockerfile, continued lines joined: name and arguments.
fn instructions() -> Vec<(String, String)> {
    let text = read("deploy/Dockerfile");
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let joined = lines.join("\n").replace("\\\n", " ");
    let named = joined.lines().filter_map(|line| line.split_once(' '));
    named.map(|(name, rest)| (name.to_owned(), rest.split_whitespace().collect::<Vec<_>>().join(" "))).collect()
}

fn all(name: &str) -> Vec<String> {
    instructions().into_iter().filter(|(n, _)| n == name).map(|(_, rest)| rest).collect()
}

/// What is copied from the repository, not from another stage.
fn copied() -> Vec<String> {
    let from_here = all("COPY").into_iter().filter(|rest| !rest.starts_with("--from"));
    let sources = |rest: String| {
        let words: Vec<String> = rest.split(' ').map(str::to_owned).collect();
        words[..words.len() - 1].to_vec()
    };
    from_here.flat_map(sources).collect()
}

#[test]
fn what_is_copied_exists_and_is_sent_to_the_builder() {
    let sent: Vec<String> =
        read("deploy/Dockerfile.dockerignore").lines().filter_map(|l| l.strip_prefix('!').map(str::to_owned)).collect();
    let copied = copied();
    for path in &copied {
        assert!(root().join(path).exists(), "{path}");
        assert!(sent.contains(path), "{path} is kept from the builder");
    }
    for path in &sent {
        assert!(copied.contains(path), "{path} is sent for nothing");
    }
}

#[test]
fn what_the_program_includes_is_copied() {
    let copied = copied();
    for source in files_below("src").iter().filter(|path| path.extension().is_some_and(|e| e == "rs")) {
        let text = std::fs::read_to_string(source).expect("UTF-8");
        for part in text.split("include_str!(").skip(1).filter_map(|part| part.split('"').nth(1)) {
            let path = source.parent().expect("a folder").join(part);
            let Ok(path) = path.canonicalize() else { continue }; // a macro's argument, not a path
            let inside = path.strip_prefix(root().canonicalize().unwrap()).expect("ours").to_owned();
            assert!(copied.iter().any(|copied| inside.starts_with(copied)), "{}", inside.display());
        }
    }
}

#[test]
fn rust_is_new_enough_and_the_version_is_ours() {
    let number = |text: &str| text.split('.').take(2).map(|n| n.parse::<u32>().unwrap()).collect::<Vec<_>>();
    let from = all("FROM");
    let rust = from[0].strip_prefix("rust:").and_then(|rest| rest.split_once('-')).expect("rust:…-slim").0;
    assert!(number(rust) >= number(env!("CARGO_PKG_RUST_VERSION")), "{rust}");
    assert!(all("ARG").contains(&format!("VERSION={}", env!("CARGO_PKG_VERSION"))));
    assert!(all("RUN").iter().any(|run| run.contains("cargo build --release --locked")));
}

#[test]
fn it_runs_as_nobody_in_particular() {
    let user = all("USER");
    let ids: Vec<u32> = user[0].split(':').map(|id| id.parse().expect("by number")).collect();
    assert!(ids.iter().all(|id| *id != 0), "{user:?}");
    assert_eq!(all("STOPSIGNAL"), ["SIGTERM"]);
    assert!(all("ENTRYPOINT")[0].starts_with('['), "without a shell");
    assert!(all("CMD")[0].starts_with('['), "without a shell");
}

#[test]
fn the_port_is_the_one_of_the_settings() {
    let settings = crate::tripline::settings("deploy/tripline.toml", &[]);
    assert_eq!(all("EXPOSE"), [settings.http.listen.port().to_string()]);
}
