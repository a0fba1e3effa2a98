# Makes the inputs and the wanted numbers of tests/test_evaluation_reaction.py: Cronbach's alpha with
# Feldt's interval (psych) and means clustered in sessions (estimatr's CR2). Needed only to remake
# the CSVs beside it:
#   cd tests/goldens && Rscript evaluation_alpha.R
# Made with R 4.2.2, psych 2.2.9, estimatr 1.0.0 (Debian: r-base-core r-cran-psych r-cran-estimatr).
#
# Data: simulated reaction forms, answers 1-5, some missing; course C1 in four sessions of very
# unequal size, C2 in eight, C3 in two (too few to cluster).

suppressPackageStartupMessages({library(psych); library(estimatr)})
options(digits = 15)
level <- 0.95
save <- function(table, name) write.csv(table, name, row.names = FALSE, na = "", quote = FALSE)

set.seed(31)
sizes <- list(C1 = c(3, 9, 20, 31), C2 = rep(12, 8), C3 = c(14, 11))
wide <- do.call(rbind, lapply(names(sizes), function(course) {
  do.call(rbind, lapply(seq_along(sizes[[course]]), function(s) {
    n <- sizes[[course]][s]
    view <- rnorm(1, sd = 0.5) + rnorm(n, sd = 0.7)
    items <- sapply(c(0.9, 0.7, 1, 0.5), function(load)
      pmin(pmax(round(3.8 + load * view + rnorm(n, sd = 0.6)), 1), 5))
    data.frame(course_id = course, session_id = paste0(course, "-", s),
               respondent = seq_len(n), setNames(as.data.frame(items), paste0("R.", 1:4)))
  }))
}))
items <- paste0("R.", 1:4)
wide[cbind(sample(nrow(wide), 9), 3 + sample(4, 9, replace = TRUE))] <- NA

long <- do.call(rbind, lapply(items, function(item)
  data.frame(wide[, c("course_id", "session_id", "respondent")],
             question_id = item, level = wide[[item]])))
save(long, "evaluation_alpha_forms.csv")

save(do.call(rbind, lapply(split(wide, wide$course_id), function(forms) {
  complete <- na.omit(forms[, items])
  raw <- suppressWarnings(psych::alpha(complete, check.keys = FALSE))$total$raw_alpha
  feldt <- alpha.ci(raw, n.obs = nrow(complete), n.var = 4, p.val = 1 - level)
  data.frame(course_id = forms$course_id[1], value = raw, low = unname(feldt$lower.ci),
             high = unname(feldt$upper.ci), n = nrow(complete))
})), "evaluation_alpha.csv")

save(do.call(rbind, lapply(split(long, list(long$course_id, long$question_id)), function(answers) {
  answers <- na.omit(answers)
  few <- length(unique(answers$session_id)) < 3
  fit <- if (few) lm_robust(level ~ 1, answers, se_type = "classical") else
    lm_robust(level ~ 1, answers, clusters = session_id, se_type = "CR2")
  data.frame(course_id = answers$course_id[1], question_id = answers$question_id[1],
             value = unname(fit$coefficients), low = unname(fit$conf.low),
             high = unname(fit$conf.high), n = nrow(answers))
})), "evaluation_alpha_means.csv")
