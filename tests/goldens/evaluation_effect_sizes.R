# Makes the inputs and the wanted numbers of tests/test_evaluation_effect_sizes.py. Needed only to
# remake the CSV beside it:
#   cd tests/goldens && Rscript evaluation_effect_sizes.R
# Made with R 4.2.2, effectsize 0.8.3 (Debian: r-base-core r-cran-effectsize).
#
# Data: published tables shipped with R: sleep (Cushny & Peebles 1905), PlantGrowth (Dobson 1983),
# ToothGrowth (Crampton 1947), and immer of MASS (barley yields at six sites).

suppressPackageStartupMessages(library(effectsize))
options(digits = 15)

# effectsize finds the noncentralities by a search that stops early; here they are exact.
noncentral <- function(t, df) {
  at <- function(p) uniroot(function(n) suppressWarnings(pt(t, df, n)) - p, c(-36, 36), tol = 1e-13)$root
  c(at(.975), at(.025))
}
row <- function(data, measure, value, low = NA, high = NA, p = NA)
  data.frame(data, measure, value, low, high, p)

paired <- function(data, pre, post) {
  n <- length(pre); test <- t.test(post, pre, paired = TRUE)
  d <- cohens_d(post, pre, paired = TRUE)$Cohens_d
  ends <- noncentral(test$statistic, n - 1) / sqrt(n)
  sign <- rank_biserial(post, pre, paired = TRUE)
  w <- suppressWarnings(wilcox.test(post, pre, paired = TRUE))
  gap <- mean(post - pre); r <- cor(pre, post)
  average <- gap / ((sd(pre) + sd(post)) / 2)
  rbind(
    row(data, "mean_difference", gap, test$conf.int[1], test$conf.int[2], test$p.value),
    row(data, "d_z", d, ends[1], ends[2]),
    row(data, "d_av", average),
    row(data, "d_rm", d * sqrt(2 * (1 - r))),
    row(data, "glass", gap / sd(pre)),
    row(data, "g_av", average * (1 - 3 / (4 * (n - 1) - 1))),
    row(data, "rank_biserial", sign$r_rank_biserial, sign$CI_low, sign$CI_high, w$p.value))
}
independent <- function(data, x, y) {
  test <- t.test(x, y); scale <- sqrt(1 / length(x) + 1 / length(y)); df <- length(x) + length(y) - 2
  d <- cohens_d(x, y)$Cohens_d; ends <- noncentral(d / scale, df) * scale
  # effectsize corrects by gamma functions, Hedges's own approximation is 1 - 3 / (4 df - 1).
  exact <- hedges_g(x, y)$Hedges_g
  cliff <- cliffs_delta(x, y)
  rbind(
    row(data, "mean_difference", unname(diff(rev(test$estimate))), test$conf.int[1], test$conf.int[2], test$p.value),
    row(data, "d_s", d, ends[1], ends[2]),
    row(data, "hedges_g", exact),
    row(data, "cliffs_delta", cliff$r_rank_biserial, cliff$CI_low, cliff$CI_high))
}

one <- sleep$extra[sleep$group == 1]; two <- sleep$extra[sleep$group == 2]
control <- PlantGrowth$weight[PlantGrowth$group == "ctrl"]
treated <- PlantGrowth$weight[PlantGrowth$group == "trt2"]
juice <- ToothGrowth$len[ToothGrowth$supp == "OJ"]; acid <- ToothGrowth$len[ToothGrowth$supp == "VC"]
wanted <- rbind(paired("sleep", one, two), paired("immer", MASS::immer$Y1, MASS::immer$Y2),
                independent("PlantGrowth", treated, control), independent("ToothGrowth", juice, acid))
scores <- rbind(
  data.frame(data = "sleep", side = rep(1:2, each = 10), score = c(one, two)),
  data.frame(data = "immer", side = rep(1:2, each = 30), score = c(MASS::immer$Y1, MASS::immer$Y2)),
  data.frame(data = "PlantGrowth", side = rep(1:2, each = 10), score = c(treated, control)),
  data.frame(data = "ToothGrowth", side = rep(1:2, each = 30), score = c(juice, acid)))
wanted$side <- NA; wanted$score <- NA
scores[c("measure", "value", "low", "high", "p")] <- NA
write.csv(rbind(wanted, scores[names(wanted)]), "evaluation_effect_sizes.csv",
          row.names = FALSE, quote = FALSE, na = "")
