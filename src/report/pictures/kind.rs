//! Every kind of chart that the program draws: its name on the command line, and what it is drawn from.

/// What a kind of chart is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The output folder of one run.
    Run,
    /// The output folders of several runs of one city.
    Several,
    /// The output folder of a sweep.
    Sweep,
}

/// A kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "Kind::about says what each shows")]
pub enum Kind {
    Oversized,
    Bands,
    Heatmap,
    Map,
    Seats,
    Pyramid,
    Entrants,
    Gaps,
    Investment,
    Timeline,
    Scorecard,
    Districts,
    CostEffect,
    Cleared,
    Fan,
    Tornado,
    Sobol,
    Morris,
    Convergence,
    PrimTrajectory,
    PrimLimits,
}

impl Kind {
    /// All kinds in the order of the gallery.
    pub const ALL: [Kind; 21] = [
        Kind::Oversized,
        Kind::Bands,
        Kind::Heatmap,
        Kind::Map,
        Kind::Seats,
        Kind::Pyramid,
        Kind::Entrants,
        Kind::Gaps,
        Kind::Investment,
        Kind::Timeline,
        Kind::Scorecard,
        Kind::Districts,
        Kind::CostEffect,
        Kind::Cleared,
        Kind::Fan,
        Kind::Tornado,
        Kind::Sobol,
        Kind::Morris,
        Kind::Convergence,
        Kind::PrimTrajectory,
        Kind::PrimLimits,
    ];

    /// Its name on the command line, and the beginning of its files' names.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Oversized => "oversized",
            Kind::Bands => "bands",
            Kind::Heatmap => "heatmap",
            Kind::Map => "map",
            Kind::Seats => "seats",
            Kind::Pyramid => "pyramid",
            Kind::Entrants => "entrants",
            Kind::Gaps => "gaps",
            Kind::Investment => "investment",
            Kind::Timeline => "timeline",
            Kind::Scorecard => "scorecard",
            Kind::Districts => "districts",
            Kind::CostEffect => "cost-effect",
            Kind::Cleared => "cleared",
            Kind::Fan => "fan",
            Kind::Tornado => "tornado",
            Kind::Sobol => "sobol",
            Kind::Morris => "morris",
            Kind::Convergence => "convergence",
            Kind::PrimTrajectory => "prim-trajectory",
            Kind::PrimLimits => "prim-limits",
        }
    }

    /// What it is drawn from. Shares of oversized classes are drawn from several runs as well.
    pub fn source(self) -> Source {
        match self {
            Kind::Districts | Kind::CostEffect => Source::Several,
            Kind::Cleared
            | Kind::Fan
            | Kind::Tornado
            | Kind::Sobol
            | Kind::Morris
            | Kind::Convergence
            | Kind::PrimTrajectory
            | Kind::PrimLimits => Source::Sweep,
            _ => Source::Run,
        }
    }

    /// Whether it can be drawn from so many output folders of runs.
    pub fn takes(self, n_runs: usize) -> bool {
        match self.source() {
            Source::Run => n_runs == 1 || self == Kind::Oversized,
            Source::Several => n_runs > 1,
            Source::Sweep => false,
        }
    }

    /// What it shows, in Chinese and English.
    pub fn about(self) -> (&'static str, &'static str) {
        match self {
            Kind::Oversized => ("大班额比例逐年变化", "share of oversized classes over the years"),
            Kind::Bands => ("各班额段班级占比", "classes by size"),
            Kind::Heatmap => ("各区县逐年大班额比例", "oversized classes by district and year"),
            Kind::Map => ("大班额地图", "map of oversized classes"),
            Kind::Seats => ("在校生与学位", "pupils against seats"),
            Kind::Pyramid => ("0—17岁人口金字塔", "population pyramid of ages 0 to 17"),
            Kind::Entrants => ("各学段入学高峰", "the wave of entrants"),
            Kind::Gaps => ("学位缺口与空余", "seats short and seats empty"),
            Kind::Investment => ("逐年投资", "investment by year"),
            Kind::Timeline => ("建设时间表", "what opens when"),
            Kind::Scorecard => ("规划目标完成情况", "targets of plans against the run"),
            Kind::Districts => ("各区县方案对比", "districts side by side, one line a scenario"),
            Kind::CostEffect => ("投资与成效", "cost against effect"),
            Kind::Cleared => ("大班额清零的可能性", "share of futures without oversized classes"),
            Kind::Fan => ("大班额比例的不确定范围", "bands of the oversized share"),
            Kind::Tornado => ("各因素影响", "what moves an outcome, and how far"),
            Kind::Sobol => ("各因素方差贡献", "variance that each factor explains"),
            Kind::Morris => ("因素筛选", "screening of factors"),
            Kind::Convergence => ("指数随样本量的变化", "indices against the number of draws"),
            Kind::PrimTrajectory => ("情景发现的过程", "how a box of futures was found"),
            Kind::PrimLimits => ("情景发现的结果", "limits of the box"),
        }
    }
}
