# Makes the stakeholders_*.csv beside this file. Only needed to make them anew:
#   cd tests/goldens && Rscript stakeholders.R
# The data are invented here, from the fixed seed below (sampling as in R >= 3.6). Made with R 4.2.2
# and survey 4.1-1, which test_needs_stakeholders.py holds its numbers against.

suppressMessages(library(survey))
set.seed(20261124)

# People: the young and men answer more than they are in the population; some do not tell.
n <- 240
people <- data.frame(
  stakeholder_id = sprintf("P%03d", 1:n),
  kelurahan = sample(c("Cilinaya", "Mayura", "Sapta Marga"), n, TRUE, c(.2, .5, .3)),
  sex = sample(c("female", "male"), n, TRUE, c(.35, .65)),
  age_band = sample(c("17-29", "30-44", "45-59", "60+"), n, TRUE, c(.42, .33, .19, .06))
)
old <- people$age_band %in% c("45-59", "60+")
answer <- function(mean) pmin(pmax(round(mean + rnorm(n, 0, 1)), 1), 5)
people$importance <- answer(4)
people$performance <- answer(3.4 - .8 * old)
people$sex[sample(n, 14)] <- NA
people$age_band[sample(n, 9)] <- NA
people$importance[sample(n, 11)] <- NA
people$performance[sample(n, 17)] <- NA

margins <- data.frame(
  variable = rep(c("kelurahan", "sex", "age_band"), c(3, 2, 4)),
  category = c("Cilinaya", "Mayura", "Sapta Marga", "female", "male",
               "17-29", "30-44", "45-59", "60+"),
  population = c(6475, 10100, 8706, 12893, 12388, 6826, 7837, 6573, 4045)
)

# The rule: those who did not tell are a category whose share of the sample stays as it is.
told <- people
for (v in c("sex", "age_band")) told[[v]][is.na(told[[v]])] <- "not told"
aim <- function(v) {
  rows <- margins[margins$variable == v, ]
  untold <- mean(is.na(people[[v]]))
  freq <- rows$population / sum(rows$population) * (1 - untold) * n
  table <- data.frame(c(rows$category, if (untold > 0) "not told"),
                      Freq = c(freq, if (untold > 0) untold * n))
  names(table)[1] <- v
  table
}
targets <- lapply(c("kelurahan", "sex", "age_band"), aim)
for (name in c("importance", "performance")) told[[name]][is.na(told[[name]])] <- 0  # not in a mean
plain <- svydesign(ids = ~1, weights = rep(1, n), data = told)
raked <- rake(plain, list(~kelurahan, ~sex, ~age_band), targets,
              control = list(maxit = 1000, epsilon = 1e-14))
people$weight <- weights(raked)

# With a limit of `trim` times the median: raking with bounds, the bound found by repeating.
trim <- 5
formula <- ~ kelurahan + sex + age_band
columns <- colnames(model.matrix(formula, told))
totals <- setNames(rep(NA_real_, length(columns)), columns)
totals["(Intercept)"] <- n
for (t in targets) {
  names <- paste0(names(t)[1], t[[1]])
  found <- names %in% columns
  totals[names[found]] <- t$Freq[found]
}
limit <- trim
repeat {
  cut <- calibrate(plain, formula, totals, calfun = "raking", bounds = c(-Inf, limit),
                   epsilon = 1e-13, maxit = 500)
  new <- trim * median(weights(cut))
  if (abs(new - limit) < 1e-12) break
  limit <- new
}
people$trimmed <- weights(cut)

# Means with the weights as given, each of those who answered it; the difference of both means by
# Taylor from totals; and, for comparison, with the raking itself in the variance.
given <- svydesign(ids = ~1, weights = ~weight, data = people)
mean_of <- function(name, design) {
  answered <- subset(design, !is.na(people[[name]]))
  result <- svymean(reformulate(name), answered)
  c(coef(result), SE(result))
}
alone <- function(name) {
  rows <- people[!is.na(people[[name]]), ]
  result <- svymean(reformulate(name), svydesign(ids = ~1, weights = ~weight, data = rows))
  ends <- confint(result, df = nrow(rows) - 1)
  c(coef(result), SE(result), ends)
}
either <- people[!is.na(people$importance) | !is.na(people$performance), ]
either$i <- as.numeric(!is.na(either$importance))
either$p <- as.numeric(!is.na(either$performance))
either$x <- ifelse(either$i == 1, either$importance, 0)
either$y <- ifelse(either$p == 1, either$performance, 0)
sums <- svytotal(~ x + i + y + p, svydesign(ids = ~1, weights = ~weight, data = either))
gap <- svycontrast(sums, quote(x / i - y / p))
half <- qt(.975, nrow(either) - 1) * SE(gap)
means <- data.frame(rbind(
  c("importance", alone("importance"), mean_of("importance", raked)[2]),
  c("performance", alone("performance"), mean_of("performance", raked)[2]),
  c("gap", coef(gap), SE(gap), coef(gap) - half, coef(gap) + half, NA)
))
names(means) <- c("measure", "value", "standard_error", "low", "high", "standard_error_raked")
means[-1] <- lapply(means[-1], as.numeric)

# Kendall's W with and without ties: W = chi-square / (m (k - 1)) of Friedman's test.
groups <- c("academia", "private", "public")
k <- 9
continuous <- t(sapply(1:3, function(g) 1:k / 6 + rnorm(k)))
tied <- round(continuous)
concordance <- do.call(rbind, lapply(list(FALSE, TRUE), function(ties) {
  table <- if (ties) tied else continuous
  test <- friedman.test(table)
  rho <- cor(t(table), method = "spearman")
  data.frame(ties = ties, w = unname(test$statistic) / (3 * (k - 1)),
             chi_square = unname(test$statistic), p_value = test$p.value,
             academia_private = rho[1, 2], academia_public = rho[1, 3], private_public = rho[2, 3])
}))
rankings <- data.frame(
  group = rep(groups, each = k), competency_id = rep(sprintf("K.%d", 1:k), 3),
  continuous = as.vector(t(continuous)), tied = as.vector(t(tied))
)

save <- function(table, name) {
  write.csv(table, paste0("stakeholders_", name, ".csv"), row.names = FALSE, na = "")
}
save(people, "people")
save(margins, "margins")
save(means, "means")
save(rankings, "rankings")
save(concordance, "concordance")
