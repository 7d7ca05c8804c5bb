//! `analysis/dictionary.csv`: every table, column and measure.

use super::super::rows::{Cell, Format, TableWriter};

/// Table, name, 中文, unit, meaning in English and Chinese.
#[rustfmt::skip]
const ENTRIES: &[[&str; 6]] = &[
    ["*", "outcome", "结果", "", "column of the sweep's draws; without a year for yearly tables", "抽样结果的列名；逐年表中不含年份"],
    ["*", "scenario", "情景", "", "key of the scenario", "情景代码"],
    ["*", "factor", "因素", "", "key of the factor; empty for what belongs to all", "因素代码；空为整体"],
    ["*", "case", "关注的未来", "", "condition that makes a draw a case", "使抽样成为关注对象的条件"],
    ["*", "draws", "抽样数", "draws", "draws that were used", "所用抽样数"],
    ["*", "low", "下限", "see value", "lower end of the interval, or lower limit of a box (empty without one)", "区间下限，或盒子下限（空为无）"],
    ["*", "high", "上限", "see value", "upper end of the interval, or upper limit of a box (empty without one)", "区间上限，或盒子上限（空为无）"],
    ["*", "mean", "均值", "see outcome", "mean over draws", "抽样均值"],
    ["*", "p5, p10, p25, p50, p75, p90, p95", "分位数", "see outcome", "quantiles over draws, linear between order statistics", "抽样分位数，顺序统计量间线性插值"],
    ["sensitivity", "measure", "指标", "", "one of the measures below", "下列指标之一"],
    ["sensitivity", "other", "第二因素", "", "second factor of a pair", "成对指标的第二因素"],
    ["sensitivity", "value", "数值", "see measure", "value of the measure", "指标数值"],
    ["sensitivity", "reason", "原因", "", "why there is no value: not-in-scenario (the scenario has nothing that the factor moves), constant-factor, constant-outcome (no draw differs but by rounding), collinear, too-few-draws, or a sentence", "无数值的原因"],
    ["measure", "sobol_first", "一阶 Sobol' 指数", "share of variance", "what the factor explains alone", "该因素单独解释的方差比例"],
    ["measure", "sobol_total", "总阶 Sobol' 指数", "share of variance", "what would be left if all others were known", "其余因素已知时剩余的方差比例"],
    ["measure", "sobol_second", "二阶 Sobol' 指数", "share of variance", "what a pair explains beyond both alone", "两因素联合超出各自单独的部分"],
    ["measure", "morris_mu_star", "µ*", "outcome per whole range of the factor", "mean size of the elementary effects", "基本效应绝对值的均值"],
    ["measure", "morris_mu", "µ", "outcome per whole range of the factor", "mean elementary effect", "基本效应均值"],
    ["measure", "morris_sigma", "σ", "outcome per whole range of the factor", "standard deviation of the elementary effects", "基本效应标准差"],
    ["measure", "src", "标准化回归系数", "standard deviations", "change of the outcome per standard deviation of the factor, linear", "因素变动一个标准差时结果的变动（线性）"],
    ["measure", "srrc", "秩标准化回归系数", "standard deviations of ranks", "the same on ranks", "按秩计算"],
    ["measure", "src_r_squared, srrc_r_squared", "R²", "share of variance", "what the regression explains; where it is low the coefficients say little", "回归解释的方差比例；过低时系数意义有限"],
    ["measure", "prcc", "偏秩相关系数", "", "rank correlation with the other factors held constant, -1 to 1", "其余因素不变时的秩相关，-1 至 1"],
    ["measure", "delta", "Borgonovo δ", "", "how far the distribution of the outcome moves when the factor is known, 0 to 1", "因素已知时结果分布的移动，0 至 1"],
    ["measure", "first_order", "一阶指数（给定数据）", "share of variance", "first-order index estimated from the same classes as delta", "由 δ 的分组估计的一阶指数"],
    ["measure", "pawn_median, pawn_mean, pawn_minimum, pawn_maximum, pawn_variation", "PAWN", "", "Kolmogorov-Smirnov distances of slices of the factor, 0 to 1; variation is their coefficient of variation", "因素分片的 KS 距离及其变异系数"],
    ["measure", "pawn_threshold_median, pawn_threshold_mean, pawn_threshold_maximum", "PAWN 阈值", "", "what a factor without effect stays below 95 times in 100", "无作用因素100次中95次低于此值"],
    ["convergence", "base_points", "基点数", "base points", "the first so many base points of the design", "设计中前若干个基点"],
    ["outcomes", "missing, failed, empty, with_group", "未用抽样", "draws", "left out: part missing, run failed, no such outcome, belongs to a group with such a row", "未用：分片缺失、运行失败、无该结果、同组有此类行"],
    ["cleared", "cleared", "已清零", "draws", "draws whose clearing year is this year or earlier", "清零年份不晚于该年的抽样数"],
    ["cleared", "share", "比例", "share", "share of futures in which oversized classes are gone by the year", "到该年大班额已清零的未来所占比例"],
    ["satisficing", "condition", "条件", "", "condition on an outcome", "对结果的条件"],
    ["satisficing", "met", "满足", "draws", "draws that meet it", "满足条件的抽样数"],
    ["regret", "mean, p90, largest", "后悔值", "see outcome", "how much worse than the best scenario of the same draw: mean, 90th percentile, largest", "与同一抽样中最好情景之差：均值、第90百分位、最大"],
    ["regret", "best_share", "最优比例", "share", "share of draws in which no scenario is better", "没有更好情景的抽样比例"],
    ["dominance", "rival", "对手情景", "", "scenario that it is set against", "与之比较的情景"],
    ["dominance", "better_share, equal_share", "更好、相等比例", "share", "share of draws in which the scenario is better, equal", "更好、相等的抽样比例"],
    ["dominance", "in_every_draw", "逐抽样占优", "", "no draw is worse and one is better", "无一抽样更差且至少一个更好"],
    ["dominance", "first_order", "一阶随机占优", "", "every quantile is at least as good", "每个分位数都不更差"],
    ["dominance", "second_order", "二阶随机占优", "", "the mean of the worst draws, whatever their share, is at least as good", "任意比例最差抽样的均值都不更差"],
    ["prim", "box, step", "盒子、步", "", "number of the box; step of its trajectory, 0 holds all draws", "盒子序号；轨迹步数，0 为全部抽样"],
    ["prim", "cases, coverage, density, mass", "案例、覆盖率、密度、质量", "draws, share", "cases in the box; share of all cases in it; share of its draws that are cases; share of all draws", "盒内案例数；占全部案例比例；盒内案例比例；占全部抽样比例"],
    ["prim", "restricted", "受限因素", "factors", "factors with a limit", "有界限的因素数"],
    ["prim", "chosen", "选定", "", "whether prim_boxes.csv gives its limits", "界限是否列于 prim_boxes.csv"],
    ["prim_boxes", "quasi_p_low, quasi_p_high", "准 p 值", "", "odds of so dense a box if the limit did not matter", "该界限不起作用时出现如此密度的概率"],
    ["prim_boxes", "minimum, maximum", "取值范围", "see factor", "lowest and highest value of the factor in all draws", "该因素在全部抽样中的最小与最大值"],
    ["cart", "rule", "规则", "", "leaf of the tree, the densest first; its limits are in cart_limits.csv", "树的叶，密度高者在前；界限见 cart_limits.csv"],
    ["cart_limits", "above, at_most", "大于、不大于", "see factor", "the rule holds above the first and at or below the second", "规则成立的范围"],
];

/// The table.
pub(super) fn table(with_bom: bool) -> Vec<u8> {
    let columns = ["table", "name", "name_zh", "unit", "meaning", "meaning_zh"];
    let mut writer = TableWriter::new(Format::Csv, &columns, with_bom);
    for entry in ENTRIES {
        writer.row(&entry.map(Cell::Text));
    }
    writer.finish()
}
