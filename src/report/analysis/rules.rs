//! The rules of an analysis in words, for `summary.json`.

/// Key, Chinese and English.
#[rustfmt::skip]
pub(super) const RULES: [[&str; 3]; 12] = [
    ["missing", "分片尚未完成的抽样不参与分析", "draws whose part is missing are left out"],
    ["failed", "运行失败的抽样不参与分析；情景之间比较时，只用所有情景都成功的抽样", "draws that failed are left out; scenarios are compared over the draws in which none of them failed"],
    ["empty", "没有该结果的抽样不参与分析", "draws without the outcome are left out"],
    ["never", "到末年仍未清零的，清零年份记为末年的次年", "a clearing year that never comes counts as the year after the horizon"],
    ["group", "Saltelli 设计中同一基点的各行、Morris 设计中同一轨迹的各行，缺一行即整组不用", "where one row of a base point (Saltelli) or of a trajectory (Morris) is left out, all of it is"],
    ["delta", "δ 只用前若干个抽样估计（settings.delta_draws）；结果的多数取值反复出现时（年份、个数）按频数计算，不做平滑", "delta is estimated on the first draws (settings.delta_draws); an outcome most of whose values come again and again (years, counts) is counted, not smoothed"],
    ["case", "未用 --case 指定时，关注的是规划期末仍未清零的抽样（占5%至95%时），否则为较差的一半抽样", "unless --case names others, the futures of interest are those not cleared by the end of the plan, if these are 5 to 95 % of the draws; else the worse half of the draws"],
    ["box", "在 PRIM 轨迹上选覆盖率与密度的调和平均最高的盒子", "of PRIM's trajectory the box with the highest harmonic mean of coverage and density is chosen"],
    ["better", "数值越小越好；--high 指定的结果越大越好", "low values are better, but for the outcomes named with --high"],
    ["interval", "Sobol'、Morris、δ：自助法标准差乘以正态分位数；SRC：回归标准误；PRCC：Fisher 变换；比例：Wilson 区间", "Sobol', Morris, delta: the normal quantile times the bootstrap's standard deviation; SRC: the regression's standard error; PRCC: Fisher's transformation; shares: Wilson's interval"],
    ["independence", "Wilson 与 Fisher 区间假定各抽样独立；拉丁超立方与 Sobol' 序列的实际误差更小", "Wilson's and Fisher's intervals take draws for independent; those of Latin hypercubes and Sobol' sequences err less"],
    ["ranges", "所有比例都是在抽样分布下的比例，不是预测的概率", "all shares are shares under the distributions of the factors, not odds of what will happen"],
];
