//! One listener, one thread, stopped when the handle is dropped.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use prometheus::Registry;
use tokio::sync::oneshot;

use super::routes::{Views, router};
use crate::pipeline::Probe;

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
    pub fn start(listen: SocketAddr, registry: Registry, probe: Arc<Probe>) -> Result<Self, ListenError> {
        let (stop, stopped) = oneshot::channel();
        let views = Views { registry, probe };
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
            done = axum::serve(listener, router(views)).into_future() => done,
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

    use super::*;
    use crate::metrics::Metrics;

    fn server() -> (Server, Arc<Probe>) {
        let registry = Registry::new();
        Metrics::register(&registry).expect("a fresh registry");
        let probe = Arc::new(Probe::new());
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::start(any, registry, Arc::clone(&probe)).expect("a free port");
        (server, probe)
    }

    fn get(server: &Server, path: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
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
        let probe = Arc::new(Probe::new());
        let error = Server::start(server.address(), Registry::new(), probe).expect_err("taken");
        assert!(error.to_string().contains(&server.address().to_string()), "{error}");
    }
}
