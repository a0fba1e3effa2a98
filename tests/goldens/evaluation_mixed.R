# Makes the inputs and the wanted numbers of tests/test_evaluation_differences.py. Needed only to
# remake the CSV beside it:
#   cd tests/goldens && Rscript evaluation_mixed.R
# Made with R 4.2.2, lme4 1.1-31 (Debian: r-base-core r-cran-lme4).
#
# Data: published tables shipped with lme4, none of them about training: sleepstudy (Belenky et al.
# 2003), Pastes (Davies & Goldsmith 1972), Dyestuff2 (Box & Tiao 1973; groups do not differ).

suppressPackageStartupMessages(library(lme4))
options(digits = 15)
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e6),
                     check.conv.singular = "ignore")

# Variance of the fixed part at the mean plus a group's deviation, given the variances.
spread <- function(fit, group) {
  x <- getME(fit, "X"); z <- as.matrix(getME(fit, "Z")); s2 <- sigma(fit)^2
  prior <- crossprod(as.matrix(getME(fit, "Lambdat"))) * s2
  if (any(diag(prior) == 0)) return(NA)
  whole <- solve(rbind(cbind(crossprod(x), crossprod(x, z)),
                       cbind(crossprod(z, x), crossprod(z) + s2 * solve(prior)))) * s2
  at <- rep(0, ncol(whole)); at[1] <- 1
  at[ncol(x) + which(rownames(getME(fit, "Zt")) == group)[1]] <- 1
  drop(at %*% whole %*% at)
}
rows <- function(data, frame, fit, none) {
  kinds <- ranef(fit); own <- kinds[[length(kinds)]]
  if ("group" %in% names(kinds)) own <- kinds$group
  sds <- as.data.frame(VarCorr(fit))
  data.frame(data, group = rownames(own), value = as.numeric(tapply(frame$gain, frame$group, mean)[rownames(own)]),
             shrunk = fixef(fit)[[1]] + own[, 1], overall = fixef(fit)[[1]], slope = c(fixef(fit), 0)[[2]],
             between = sds$sdcor[sds$grp == "group"], residual = sigma(fit),
             ratio = as.numeric(2 * (logLik(fit, REML = TRUE) - logLik(none, REML = TRUE))))
}

a <- data.frame(group = as.character(sleepstudy$Subject), session = NA, pre = sleepstudy$Days, gain = sleepstudy$Reaction)
a <- a[-c(1:4, 15, 40:46), ]                     # unequal groups
b <- data.frame(group = as.character(Pastes$batch), session = as.character(Pastes$sample),
                pre = seq_len(nrow(Pastes)) %% 7, gain = Pastes$strength)
b <- b[-c(2, 3, 17, 30:33), ]
c <- data.frame(group = as.character(Dyestuff2$Batch), session = NA, pre = seq_len(30) %% 4, gain = Dyestuff2$Yield)
center <- function(f) { f$at <- f$pre - mean(f$pre); f }
a <- center(a); b <- center(b); c <- center(c)
fit_a <- lmer(gain ~ at + (1 | group), a, control = tight)
fit_b <- lmer(gain ~ at + (1 | group) + (1 | session), b, control = tight)
fit_c <- lmer(gain ~ at + (1 | group), c, control = tight)
wanted <- rbind(rows("sleepstudy", a, fit_a, lm(gain ~ at, a)),
                rows("Pastes", b, fit_b, lmer(gain ~ at + (1 | session), b, control = tight)),
                rows("Dyestuff2", c, fit_c, lm(gain ~ at, c)))
wanted$spread <- c(sapply(unique(wanted$group[wanted$data == "sleepstudy"]), function(g) spread(fit_a, g)),
                   sapply(unique(wanted$group[wanted$data == "Pastes"]), function(g) spread(fit_b, g)), rep(NA, 6))
people <- rbind(cbind(data = "sleepstudy", a), cbind(data = "Pastes", b), cbind(data = "Dyestuff2", c))
people <- people[c("data", "group", "session", "pre", "gain")]
wanted[c("session", "pre", "gain")] <- NA
people[setdiff(names(wanted), names(people))] <- NA
write.csv(rbind(wanted, people[names(wanted)]), "evaluation_mixed.csv", row.names = FALSE, quote = FALSE, na = "")
