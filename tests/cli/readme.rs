//! The README's commands and links work as they are written.

use crate::support::root;

use super::xuewei;

/// Lines of the README's shell blocks.
fn commands() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("README.md")).expect("README.md");
    let mut inside = false;
    let mut commands = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside && !line.trim().is_empty() && !line.starts_with('#') {
            commands.push(line.trim().to_string());
        }
    }
    commands
}

#[test]
fn commands_of_the_readme_run() {
    let commands = commands();
    let main =
        "cargo run --release -- run scenarios/jiaozuo/plan.toml scenarios/jiaozuo/no-build.toml";
    assert!(commands.iter().any(|c| c == main), "the main command is missing");
    assert!(commands.iter().any(|c| c == "cargo test"), "the second command is missing");
    let mut n_run = 0;
    // An analysis reads what the sweep before it has written, reports and charts what runs and sweeps have.
    let sweeps = tempfile::tempdir().expect("a folder");
    let sweeps = sweeps.path().to_string_lossy().into_owned();
    for command in &commands {
        let Some(arguments) = command.strip_prefix("cargo run --release -- ") else {
            continue;
        };
        let out = tempfile::tempdir().expect("a folder");
        let reads =
            ["analyse ", "chart ", "report "].iter().any(|command| arguments.starts_with(command));
        let arguments = match reads {
            true => arguments.replace("output/jiaozuo", &sweeps),
            false => arguments.to_string(),
        };
        let mut words: Vec<&str> = arguments.split_whitespace().collect();
        let out_path = out.path().to_string_lossy().into_owned();
        if ["calibrate", "compare", "hindcast"].contains(&words[0]) {
            words.retain(|word| *word != "--write");
            words.extend(["--out", &out_path]);
        }
        if ["run", "sweep"].contains(&words[0]) {
            words.extend(["--out", &sweeps]);
        }
        let output = xuewei().args(&words).output().expect("the binary runs");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        n_run += 1;
    }
    assert!(n_run >= 3, "{commands:?}");
}

#[test]
fn links_of_the_readme_lead_somewhere() {
    let text = std::fs::read_to_string(root().join("README.md")).expect("README.md");
    let mut n_links = 0;
    for part in text.split("](").skip(1) {
        let target = part.split(')').next().unwrap_or_default();
        if !target.starts_with("http") && !target.starts_with('#') {
            assert!(root().join(target).exists(), "the README links to {target}");
            n_links += 1;
        }
    }
    assert!(n_links > 0);
}
