//! Every host in free text, by shape and public suffix; for texts that have a candidate, not for the hot path.

use super::dots::{is_host_char, sure_dot_at};
use super::{HostFound, around::host_around};

/// Every host in free text whose suffix the public suffix list knows, in order.
#[must_use]
pub fn find_hosts(text: &str) -> Vec<HostFound> {
    let mut hosts: Vec<HostFound> = Vec::new();
    for (at, _) in text.char_indices() {
        if hosts.last().is_some_and(|last| at < last.bytes.end) {
            continue;
        }
        let Some(length) = sure_dot_at(&text[at..]) else { continue };
        let before = text[..at].chars().next_back().filter(|c| is_host_char(*c));
        let after = text[at + length..].chars().next().filter(|c| is_host_char(*c));
        if let (Some(before), Some(after)) = (before, after) {
            let candidate = at - before.len_utf8()..at + length + after.len_utf8();
            hosts.extend(host_around(text, candidate).filter(|found| found.domain.has_known_suffix()));
        }
    }
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_stand_out_from_running_text() {
        for (text, hosts) in [
            ("可登录www.chinanpo.gov.cn查询", &["www.chinanpo.gov.cn"][..]),
            ("见https://chinanpo.mca.gov.cn/index?a=b.c，或info@sham.com。", &["chinanpo.mca.gov.cn", "sham.com"]),
            ("chinanpo[.]gov[.]cn", &["chinanpo.gov.cn"]),
            ("chinanpo。gov。cn。", &["chinanpo.gov.cn"]),
            ("Version 1.2.3 of e.g. this. And that.", &[]),
            ("中国。雷锋", &[]),
            ("", &[]),
        ] {
            let found: Vec<String> = find_hosts(text).iter().map(|h| h.domain.to_string()).collect();
            assert_eq!(found, hosts, "{text}");
        }
    }
}
