//! x
pub mod axes; pub mod city; pub mod demand; pub mod event; pub mod input; pub mod model; pub mod numeric; pub mod population; pub mod programmes; pub mod scenario; pub mod schools; pub mod units;
