# Makes the inputs and the wanted numbers of tests/test_needs_reliability.py and
# tests/test_needs_agreement.py. Needed only to remake the CSVs beside it:
#   cd tests/goldens && Rscript reliability.R
# Made with R 4.2.2, psych 2.2.9, lme4 1.1-31 (Debian: r-base-core r-cran-psych r-cran-lme4
# r-cran-gparotation).
#
# Data: simulated (items A1-A5, answers 1-6, A1 reverse-keyed, some missing), and published tables
# shipped with R or with the packages, none of them about real persons:
#   attitude   datasets: Chatterjee & Price (1977), Regression Analysis by Example
#   chickwts   datasets: McNeil (1977), Interactive Data Analysis; groups of unequal size
#   Dyestuff   lme4: Davies & Goldsmith (1972), Statistical Methods in Research and Production
#   six targets rated by four judges (a textbook example): Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428, table 2

suppressPackageStartupMessages({library(psych); library(lme4)})
options(digits = 15)
level <- 0.95
save <- function(table, name) { # only kinds such as ICC(1,k) hold a comma
  write.csv(table, name, row.names = FALSE, na = "", quote = which(names(table) == "kind"))
}

long <- function(wide, source) {
  data.frame(
    staff_id = rep(sprintf("P%03d", seq_len(nrow(wide))), ncol(wide)),
    competency_id = rep(names(wide), each = nrow(wide)),
    source = source, rater = "1", level = unlist(wide, use.names = FALSE)
  )
}

# --- reliability --------------------------------------------------------------------------------
set.seed(52)
trait <- rnorm(200)
A <- as.data.frame(sapply(c(-0.5, 0.7, 0.9, 0.6, 0.8), function(load)
  pmin(pmax(round(4 + load * trait + rnorm(200, sd = 1)), 1), 6)))
names(A) <- paste0("A", 1:5)
A[cbind(sample(200, 12), sample(5, 12, replace = TRUE))] <- NA
save(rbind(long(A, "self"), long(attitude, "supervisor")), "reliability_ratings.csv")

scale_of <- function(wide, source, keys, low, high) {
  complete <- na.omit(wide)
  for (item in keys) complete[[item]] <- low + high - complete[[item]]
  a <- suppressWarnings(psych::alpha(complete, check.keys = FALSE))
  raw <- a$total$raw_alpha
  feldt <- alpha.ci(raw, n.obs = nrow(complete), n.var = ncol(complete), p.val = 1 - level)
  tight <- suppressWarnings(suppressMessages(
    omega(complete, nfactors = 1, fm = "minres", plot = FALSE)
  ))
  list(
    scale = data.frame(
      source, items = ncol(complete), n = nrow(complete), dropped = nrow(wide) - nrow(complete),
      alpha = raw, alpha_low = unname(feldt$lower.ci), alpha_high = unname(feldt$upper.ci),
      omega = tight$omega.tot
    ),
    items = data.frame(
      source, competency_id = names(complete), item_rest = a$item.stats$r.drop,
      alpha_dropped = a$alpha.drop$raw_alpha
    )
  )
}
forms <- list(
  scale_of(A, "self", "A1", 1, 6),
  scale_of(attitude, "supervisor", character(0), 0, 100)
)
save(do.call(rbind, lapply(forms, `[[`, "scale")), "reliability_scales.csv")
save(do.call(rbind, lapply(forms, `[[`, "items")), "reliability_items.csv")

# --- agreement ----------------------------------------------------------------------------------
sf <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7),
             ncol = 4, byrow = TRUE)
judged <- function(wide, name) data.frame(
  staff_id = rep(sprintf("P%03d", seq_len(nrow(wide))), ncol(wide)), competency_id = name,
  source = rep(paste0("judge", seq_len(ncol(wide))), each = nrow(wide)), rater = "1",
  level = as.vector(as.matrix(wide))
)
grouped <- function(group, value, name) data.frame(
  staff_id = as.character(group), competency_id = name, source = "peer",
  rater = as.character(ave(value, group, FUN = seq_along)), level = value
)
save(rbind(
  judged(sf, "shrout_fleiss"), judged(attitude, "attitude"),
  grouped(chickwts$feed, chickwts$weight, "chickwts"),
  grouped(Dyestuff$Batch, Dyestuff$Yield, "dyestuff")
), "agreement_ratings.csv")

of_psych <- function(wide, name) {
  table <- suppressWarnings(ICC(wide, lmer = FALSE, alpha = 1 - level))$results
  kinds <- c(ICC1 = "ICC(1)", ICC1k = "ICC(1,k)", ICC2 = "ICC(A,1)", ICC3 = "ICC(C,1)")
  table <- table[match(names(kinds), table$type), ]
  data.frame(competency_id = name, kind = unname(kinds), value = table$ICC,
             low = table$`lower bound`, high = table$`upper bound`)
}

# One way, unequal sizes: ANOVA estimator with k0; F interval of Searle (1971, Linear Models, 9.8).
of_anova <- function(group, value, name) {
  ms <- anova(lm(value ~ group))[["Mean Sq"]]
  sizes <- table(group)
  N <- sum(sizes); n <- length(sizes)
  k0 <- (N - sum(sizes^2) / N) / (n - 1)
  Fs <- ms[1] / ms[2] / c(1, qf((1 + level) / 2, n - 1, N - n), qf((1 - level) / 2, n - 1, N - n))
  single <- (Fs - 1) / (Fs + k0 - 1)
  average <- 1 - 1 / Fs
  data.frame(competency_id = name, kind = c("ICC(1)", "ICC(1,k)"),
             value = c(single[1], average[1]), low = c(single[2], average[2]),
             high = c(single[3], average[3]))
}

wanted <- rbind(
  of_psych(sf, "shrout_fleiss"), of_psych(attitude, "attitude"),
  of_anova(chickwts$feed, chickwts$weight, "chickwts"),
  of_anova(Dyestuff$Batch, Dyestuff$Yield, "dyestuff")
)
save(wanted, "agreement_icc.csv")

# With equal sizes REML and ANOVA agree; a check of the formula above, not a golden.
parts <- as.data.frame(VarCorr(lmer(Yield ~ 1 + (1 | Batch), Dyestuff)))$vcov
ours <- wanted$value[wanted$competency_id == "dyestuff" & wanted$kind == "ICC(1)"]
stopifnot(abs(parts[1] / sum(parts) - ours) < 1e-6)
