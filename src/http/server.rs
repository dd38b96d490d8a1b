//! One listener, one thread, stopped when the handle is dropped.

use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::routes::{Views, router};

/// The address cannot be listened on: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on http.listen = {address}")]
pub struct ListenError {
    /// As the settings give it.
    pub address: SocketAddr,
    /// What the system says.
    #[source]
    pub source: std::io::Error,
}

/// A server that answers until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens and answers from now on. Port 0 takes a free one: see [`Server::address`].
    ///
    /// # Errors
    /// When the address is taken or is not ours.
    pub fn start(listen: SocketAddr, views: Views) -> Result<Self, ListenError> {
        let (stop, stopped) = oneshot::channel();
        let started = Self::listen(listen).and_then(|(listener, address)| {
            let thread = spawn(listener, views, stopped)?;
            Ok(Self { address, stop: Some(stop), thread: Some(thread) })
        });
        started.map_err(|source| ListenError { address: listen, source })
    }

    /// The address that is listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn listen(listen: SocketAddr) -> std::io::Result<(TcpListener, SocketAddr)> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in a route has been printed and ends with its connection.
            let _ = thread.join();
        }
    }
}

fn spawn(listener: TcpListener, views: Views, stopped: oneshot::Receiver<()>) -> std::io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let serve = async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::select! {
            done = axum::serve(listener, router(views).into_make_service_with_connect_info::<SocketAddr>()).into_future() => done,
            // Dropping the server closes its connections; a scrape in the middle is tried again by whoever scrapes.
            _ = stopped => Ok(()),
        }
    };
    let run = move || {
        if let Err(error) = runtime.block_on(serve) {
            tracing::error!(%error, "the HTTP server has stopped");
        }
    };
    std::thread::Builder::new().name("tripline-http".into()).spawn(run)
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use std::sync::Arc;
    use std::time::Duration;

    use prometheus::Registry;

    use super::*;
    use crate::http::Token;
    use crate::metrics::{Metrics, ReloadResult};
    use crate::pipeline::{Outcome, Probe, Reload, Trigger};

    fn views() -> Views {
        let registry = Registry::new();
        Metrics::register(&registry).expect("a fresh registry");
        Views { registry, probe: Arc::new(Probe::new()), reload: Reload::new(), token: None }
    }

    fn server() -> (Server, Arc<Probe>) {
        let views = views();
        let probe = Arc::clone(&views.probe);
        (start(views), probe)
    }

    fn start(views: Views) -> Server {
        Server::start(SocketAddr::from(([127, 0, 0, 1], 0)), views).expect("a free port")
    }

    fn get(server: &Server, path: &str) -> String {
        ask(server, &format!("GET {path}"), "", "")
    }

    fn ask(server: &Server, what: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).expect("it listens");
        let length = body.len();
        let head =
            format!("{what} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).expect("it reads");
        let _ = stream.write_all(body.as_bytes()); // it may have answered by now, and read no further
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer); // or be gone
        String::from_utf8(answer).expect("it answers text")
    }

    /// Answers each request for a reload in turn.
    fn reloader(reload: &Reload, results: Vec<(ReloadResult, Option<&'static str>)>) -> JoinHandle<Vec<Trigger>> {
        let reload = reload.clone();
        let serve = move || {
            let mut triggers = Vec::new();
            for (epoch, (result, reason)) in (2..).zip(results) {
                let request = reload.next(Duration::from_secs(20)).expect("somebody asks");
                triggers.push(request.trigger);
                let outcome = Outcome {
                    result,
                    reason: reason.map(str::to_owned),
                    when: jiff::Timestamp::UNIX_EPOCH,
                    trigger: request.trigger,
                    digest: "sha256:0a".to_owned(),
                    epoch,
                };
                request.answer(&outcome);
            }
            reload.close();
            triggers
        };
        std::thread::spawn(serve)
    }

    #[test]
    fn a_reload_is_answered_when_it_has_ended() {
        let views = views();
        let results = vec![
            (ReloadResult::Loaded, None),
            (ReloadResult::Unchanged, None),
            (ReloadResult::Failed, Some("a:1:2: no")),
        ];
        let reloader = reloader(&views.reload, results);
        let server = start(views);
        let large = "x".repeat(3_000_000);
        let table = [
            // body, status, the answer
            ("", "200", r#"{"result":"loaded","digest":"sha256:0a","epoch":2}"#),
            ("{}", "200", r#"{"result":"unchanged","digest":"sha256:0a","epoch":3}"#),
            ("", "422", r#"{"result":"failed","reason":"a:1:2: no","digest":"sha256:0a","epoch":4}"#),
            ("", "503", r#""reason":"stopping, or not started""#),
        ];
        for (body, status, part) in table {
            let answer = ask(&server, "POST /-/reload", "", body);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{body}: {answer}");
            assert!(answer.contains(part), "{part} in\n{answer}");
        }
        assert_eq!(reloader.join().expect("it answers"), [Trigger::Http; 3]);
        // Nobody reads what a body says, however long it is; the connection may be closed before it is sent.
        ask(&server, "POST /-/reload", "", &large);
        assert!(get(&server, "/live").starts_with("HTTP/1.1 200 "));
    }

    #[test]
    fn a_reload_that_is_refused_asks_for_nothing() {
        let token = Some(Token::new("open-sesame"));
        let table = [
            // what, headers, token of the settings, status, in the answer
            ("GET /-/reload", "", &None, "405", "allow: POST"),
            ("HEAD /-/reload", "", &None, "405", ""),
            ("PUT /-/reload", "", &None, "405", ""),
            ("DELETE /-/reload", "", &None, "405", ""),
            ("OPTIONS /-/reload", "Origin: https://evil.example\r\n", &None, "405", ""),
            ("POST /-/reload/", "", &None, "404", ""),
            ("POST /reload", "", &None, "404", ""),
            ("POST /ready", "", &None, "405", ""),
            ("POST /-/reload", "Origin: https://evil.example\r\n", &None, "403", "a web page"),
            ("POST /-/reload", "X-Forwarded-For: 10.0.0.7\r\n", &None, "403", "set http.token"),
            ("POST /-/reload", "X-Forwarded-For: 10.0.0.7\r\n", &token, "401", "www-authenticate: Bearer"),
            ("POST /-/reload", "Via: 1.1 p\r\nAuthorization: Bearer no\r\n", &token, "401", "http.token"),
        ];
        for (what, headers, token, status, part) in table {
            let views = Views { token: token.clone(), ..views() };
            let reload = views.reload.clone();
            let answer = ask(&start(views), what, headers, "");
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{what} {headers}: {answer}");
            assert!(answer.contains(part), "{what} {headers}: {part} in\n{answer}");
            assert!(reload.next(Duration::ZERO).is_none(), "{what} {headers}");
        }
    }

    #[test]
    fn the_token_opens_from_elsewhere() {
        let views = Views { token: Some(Token::new("open-sesame")), ..views() };
        let reloader = reloader(&views.reload, vec![(ReloadResult::Unchanged, None)]);
        let headers = "X-Forwarded-For: 10.0.0.7\r\nAuthorization: Bearer open-sesame\r\n";
        let answer = ask(&start(views), "POST /-/reload", headers, "");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert_eq!(reloader.join().expect("it answers"), [Trigger::Http]);
    }

    #[test]
    fn every_route_answers_with_its_status_and_type() {
        let (server, _probe) = server();
        let table = [
            // path, status, in the answer
            ("/metrics", "200", "content-type: text/plain; version=0.0.4"),
            ("/metrics", "200", "# TYPE tripline_scan_seconds histogram"),
            ("/live", "200", r#"{"live":true}"#),
            ("/ready", "503", "content-type: application/json"),
            ("/ready", "503", r#""rule_set":null"#),
            ("/ready", "503", r#""last_reload":null"#),
            ("/", "404", ""),
            ("/api", "404", ""),
            ("/metrics/", "404", ""),
        ];
        for (path, status, part) in table {
            let answer = get(&server, path);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
            assert!(answer.contains(part), "{path}: {part} in\n{answer}");
        }
    }

    #[test]
    fn readiness_names_the_rules_that_judge() {
        let (server, probe) = server();
        probe.judges_by("sha256:0a".into(), 1);
        probe.is_running();
        probe.worker().joined(true);
        let answer = get(&server, "/ready");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.contains(r#""rule_set":{"digest":"sha256:0a","epoch":1}"#), "{answer}");
    }

    #[test]
    fn an_address_in_use_is_named() {
        let (server, _probe) = server();
        let error = Server::start(server.address(), views()).expect_err("taken");
        assert!(error.to_string().contains(&server.address().to_string()), "{error}");
    }
}
