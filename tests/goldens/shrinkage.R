# Makes the inputs and the wanted numbers of tests/test_needs_shrinkage.py. Needed only to remake
# the CSV beside it:
#   cd tests/goldens && Rscript shrinkage.R
# Made with R 4.2.2, lme4 1.1-31 (Debian: r-base-core r-cran-lme4).
#
# Data: published tables shipped with lme4, none of them about persons:
#   Dyestuff  Davies & Goldsmith (1972), Statistical Methods in Research and Production
#   Pastes    the same book; three casks in each of ten batches, two samples a cask

suppressPackageStartupMessages(library(lme4))
options(digits = 15)
# Tighter than the default, so that the numbers are lme4's and not its stopping rule's.
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e6),
                     check.conv.singular = "ignore")

one <- lmer(Yield ~ 1 + (1 | Batch), Dyestuff, control = tight)
mean_of <- tapply(Dyestuff$Yield, Dyestuff$Batch, mean)
batch <- names(mean_of)
rows <- data.frame(data = "Dyestuff", parent = "R", unit = batch, n = 5, mean = as.numeric(mean_of),
                   residual = sigma(one)^2,
                   shrunk = fixef(one)[[1]] + ranef(one)$Batch[batch, 1])

two <- lmer(strength ~ 1 + (1 | batch / cask), Pastes, control = tight)
Pastes$fitted <- fitted(two)
cask <- aggregate(cbind(strength, fitted) ~ batch + cask, Pastes, mean)
cask <- cask[order(cask$batch, cask$cask), ]
rows <- rbind(rows, data.frame(data = "Pastes", parent = cask$batch,
                               unit = paste0(cask$batch, cask$cask), n = 2, mean = cask$strength,
                               residual = sigma(two)^2, shrunk = cask$fitted))
write.csv(rows, "shrinkage.csv", row.names = FALSE, quote = FALSE)
