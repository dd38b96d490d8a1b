//! The rights that our commands need, as Kafka's ACLs.

use super::TopicRole;

/// What a right is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Topics.
    Topic,
    /// A consumer group.
    Group,
    /// The cluster as a whole.
    Cluster,
}

impl Resource {
    /// The name for programs, and the flag of `kafka-acls`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Resource::Topic => "topic",
            Resource::Group => "group",
            Resource::Cluster => "cluster",
        }
    }
}

/// Who needs a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AclUse {
    /// `tripline run`.
    Run,
    /// `tripline run` on brokers before 2.8; since then the right to write implies it.
    OldBrokers,
    /// Nobody, but without it topics are not checked.
    Optional,
    /// `tripline topics create`.
    Create,
}

impl AclUse {
    /// The name for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            AclUse::Run => "run",
            AclUse::OldBrokers => "run-before-kafka-2.8",
            AclUse::Optional => "optional",
            AclUse::Create => "topics-create",
        }
    }
}

/// One right, on one or more resources of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acl {
    /// As `kafka-acls` spells them.
    pub operations: &'static [&'static str],
    /// What it is about.
    pub resource: Resource,
    /// Which; none for the cluster.
    pub names: Vec<String>,
    /// Who needs it.
    pub needed_by: AclUse,
    /// What for.
    pub why: &'static str,
}

impl Acl {
    /// The command that grants it.
    #[must_use]
    pub fn command(&self, bootstrap: &str, principal: &str) -> String {
        let mut words =
            vec![format!("kafka-acls --bootstrap-server {bootstrap} --add --allow-principal {}", quoted(principal))];
        words.extend(self.operations.iter().map(|operation| format!("--operation {operation}")));
        let resource = self.resource.as_str();
        match self.resource {
            Resource::Cluster => words.push("--cluster".to_owned()),
            Resource::Topic | Resource::Group => {
                words.extend(self.names.iter().map(|name| format!("--{resource} {}", quoted(name))));
            }
        }
        words.join(" ")
    }
}

/// For a POSIX shell, where it needs it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-:/@=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The rights that these topics and this group need.
#[must_use]
pub fn acls(topics: &[(String, TopicRole)], group: &str) -> Vec<Acl> {
    let names = |is_wanted: &dyn Fn(TopicRole) -> bool| -> Vec<String> {
        topics.iter().filter(|(_, role)| is_wanted(*role)).map(|(topic, _)| topic.clone()).collect()
    };
    let sources = names(&|role| role == TopicRole::Source);
    let outputs = names(&|role| role != TopicRole::Source);
    let acl = |operations, resource, names, needed_by, why| Acl { operations, resource, names, needed_by, why };
    let all = names(&|_| true);
    vec![
        acl(&["Read", "Describe"], Resource::Topic, sources, AclUse::Run, "the records to judge"),
        acl(&["Read"], Resource::Group, vec![group.to_owned()], AclUse::Run, "to join the group and commit"),
        acl(&["Write", "Describe"], Resource::Topic, outputs.clone(), AclUse::Run, "what we write"),
        acl(
            &["IdempotentWrite"],
            Resource::Cluster,
            Vec::new(),
            AclUse::OldBrokers,
            "only before Kafka 2.8: to write without doubling",
        ),
        acl(
            &["DescribeConfigs"],
            Resource::Topic,
            all,
            AclUse::Optional,
            "to check topics here and at the start of run",
        ),
        acl(&["Create"], Resource::Topic, outputs, AclUse::Create, "only for tripline topics create"),
    ]
}
