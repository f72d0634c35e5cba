# Groups: Welch's t, the trend over doses, who answers, the error of carrying forward, adherence.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "write.R"))
at <- folders()
figures <- list()
add <- function(of, found) {
  for (name in names(found)) figures[[paste(of, name, sep = ".")]] <<- found[[name]]
}

welch <- function(x, y) {
  t <- t.test(x, y)
  c(difference = mean(x) - mean(y), low = t$conf.int[1], high = t$conf.int[2],
    t = unname(t$statistic), df = unname(t$parameter), p = t$p.value,
    standardised = (mean(x) - mean(y)) / sqrt((var(x) + var(y)) / 2), n = length(x))
}

d <- read.csv(file.path(at$invented, "paired.csv"))
there <- !is.na(d$after)
add("invented.responders", welch(d$before[there], d$before[!there]))
trend <- prop.trend.test(c(8, 11, 14), c(30, 25, 22))
add("trend", c(chi = unname(trend$statistic), p = trend$p.value))
rate <- poisson.test(17, 12)
add("rate", c(rate = unname(rate$estimate), low = rate$conf.int[1], high = rate$conf.int[2]))
none <- poisson.test(0, 4)
add("none", c(high = none$conf.int[2]))

if (at$real != "-") {
  b <- read.csv(file.path(at$real, "btheb_bdi_prepost.csv"))
  for (visit in c("2m", "4m", "6m", "8m")) {
    there <- !is.na(b[[paste0("bdi.", visit)]])
    add(paste0("btheb.", visit), welch(b$bdi.pre[there], b$bdi.pre[!there]))
  }
  both <- !is.na(b$bdi.2m) & !is.na(b$bdi.8m)
  error <- b$bdi.2m[both] - b$bdi.8m[both]
  add("btheb.carried", c(n = length(error), mean = mean(error),
                         low = t.test(error)$conf.int[1], high = t.test(error)$conf.int[2],
                         invented = sum(!is.na(b$bdi.2m) & is.na(b$bdi.8m))))
  m <- read.csv(file.path(at$real, "..", "dv", "mdve_minneapolis.csv"))
  cross <- table(m$T_RANDOM, m$T_FINAL)
  for (arm in 1:3) {
    kept <- cross[arm, arm]; n <- sum(cross[arm, ])
    add(paste0("minneapolis.", arm), c(kept = kept, n = n, share = kept / n,
                                       low = wilson(kept, n)[1], high = wilson(kept, n)[2]))
  }
  kept <- sum(diag(cross[, 1:3])); n <- sum(cross)
  add("minneapolis", c(kept = kept, n = n, low = wilson(kept, n)[1], high = wilson(kept, n)[2]))
}
write_figures(figures, at$out)
