//! Rules as data: notices, organizations, protected names and the policy; read, checked, and made one immutable set.

mod organization;
mod policy;
mod set;

pub use organization::*;
pub use policy::*;
pub use set::*;
