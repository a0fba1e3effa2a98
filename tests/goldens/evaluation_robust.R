# Cluster-robust errors and weighting, made with R (estimatr). Run in tests/goldens:
#   Rscript evaluation_robust.R
# The people are drawn here and nobody of them exists.
library(estimatr)
set.seed(11)
n <- 240
people <- data.frame(
  staff_id = sprintf("S%03d", 1:n),
  before = round(rnorm(n, 60, 10), 1),
  age = round(runif(n, 22, 58)),
  female = rbinom(n, 1, 0.5)
)
people$treated <- rbinom(n, 1, plogis(-0.4 - 0.05 * (people$before - 60) + 0.02 * (people$age - 40)))
session <- ifelse(people$treated == 1, paste0("T", sample(1:9, n, TRUE)), paste0("U", sample(1:14, n, TRUE)))
people$cluster <- session
people$after <- round(people$before * 0.7 + 22 + 4 * people$treated + 0.05 * people$age + rnorm(n, 0, 6) +
  as.numeric(factor(session)) %% 5 - 2, 1)
write.csv(people, "evaluation_people.csv", row.names = FALSE)

rows <- list()
note <- function(what, fit, name = "treated") {
  t <- tidy(fit)
  t <- t[t$term == name, ]
  rows[[length(rows) + 1]] <<- data.frame(what = what, value = t$estimate, error = t$std.error, df = t$df,
                                          low = t$conf.low, high = t$conf.high)
}
people$gain <- people$after - people$before
note("difference", lm_robust(after ~ treated, people, se_type = "HC2"))
note("difference by cluster", lm_robust(after ~ treated, people, clusters = cluster, se_type = "CR2"))
note("did", lm_robust(gain ~ treated, people, clusters = cluster, se_type = "CR2"))
note("ancova", lm_robust(after ~ treated + before + age + female, people, clusters = cluster, se_type = "CR2"))
p <- glm(treated ~ before + age + female, binomial, people, control = glm.control(epsilon = 1e-14))$fitted.values
people$att <- ifelse(people$treated == 1, 1, p / (1 - p))
people$ate <- ifelse(people$treated == 1, 1 / p, 1 / (1 - p))
# The value of weighting; R's CR2 for weighted fits has another working model, so its error is not held to.
note("weighting att", lm_robust(after ~ treated, people, weights = att, clusters = cluster, se_type = "stata"))
note("weighting ate", lm_robust(after ~ treated, people, weights = ate, clusters = cluster, se_type = "stata"))
# Greedy nearest pairs from the highest chance down within 0.2 sd of the logit, written out: MatchIt
# 4.5.1 passes over person 47, who is nearer to person 15 (0.0047) than its choice 229 (0.0105).
free <- which(people$treated == 0)
pairs <- list()
for (i in order(-p * people$treated)[seq_len(sum(people$treated))]) {
  j <- free[which.min(abs(qlogis(p[free]) - qlogis(p[i])))]
  if (abs(qlogis(p[j]) - qlogis(p[i])) > 0.2 * sd(qlogis(p))) next
  free <- setdiff(free, j)
  pairs[[length(pairs) + 1]] <- cbind(people[c(i, j), ], pair = length(pairs))
}
d <- do.call(rbind, pairs)
note("matching", lm_robust(after ~ treated + before + age + female, d, clusters = pair, se_type = "CR2"))
golden <- do.call(rbind, rows)
write.csv(format(golden, digits = 15), "evaluation_robust.csv", row.names = FALSE)
