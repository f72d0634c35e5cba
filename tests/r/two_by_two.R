# Two-by-two tables: ratios, differences and tests, by stats and by the formulas themselves.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "write.R"))
at <- folders()
z <- qnorm(0.975)

# fisher.test finds its interval to four digits only; this inverts the same distribution further.
exact <- function(a, b, c, d) {
  n1 <- a + b; events <- a + c
  low <- max(0, events - (c + d)); high <- min(n1, events)
  support <- low:high
  density <- function(psi) {
    p <- dhyper(support, n1, c + d, events, log = TRUE) + support * log(psi)
    p <- exp(p - max(p)); p / sum(p)
  }
  solve <- function(f) exp(uniroot(f, c(-25, 25), tol = 1e-14)$root)
  mle <- if (a == low) 0 else solve(function(l) sum(support * density(exp(l))) - a)
  lower <- if (a == low) 0 else solve(function(l) sum(density(exp(l))[support >= a]) - 0.025)
  upper <- if (a == high) NA else solve(function(l) sum(density(exp(l))[support <= a]) - 0.025)
  c(mle, lower, upper)
}

figures <- list()
tables <- read.csv(file.path(at$invented, "tables.csv"))
for (i in seq_len(nrow(tables))) {
  row <- tables[i, ]
  a <- row$events_1; b <- row$n_1 - a; c <- row$events_2; d <- row$n_2 - c
  m <- matrix(c(a, c, b, d), 2)
  p1 <- a / row$n_1; p2 <- c / row$n_2
  w1 <- wilson(a, row$n_1); w2 <- wilson(c, row$n_2)
  or <- a * d / (b * c); se <- sqrt(1 / a + 1 / b + 1 / c + 1 / d)
  rr <- p1 / p2; rse <- sqrt(1 / a - 1 / row$n_1 + 1 / c - 1 / row$n_2)
  rd <- p1 - p2; rdse <- sqrt(p1 * (1 - p1) / row$n_1 + p2 * (1 - p2) / row$n_2)
  h <- 2 * asin(sqrt(p1)) - 2 * asin(sqrt(p2)); hse <- sqrt(1 / row$n_1 + 1 / row$n_2)
  if (b > 0) {
    or_found <- c(or, exp(log(or) - z * se), exp(log(or) + z * se))
  } else {
    or_found <- c(NA, NA, NA)
  }
  ex <- exact(a, b, c, d)
  if (b == 0) ex <- c(NA, NA, NA)
  plain <- suppressWarnings(chisq.test(m, correct = FALSE))
  yates <- suppressWarnings(chisq.test(m, correct = TRUE))
  found <- c(
    or = or_found[1], or_low = or_found[2], or_high = or_found[3],
    exact_or = ex[1], exact_low = ex[2], exact_high = ex[3],
    rr = rr, rr_low = exp(log(rr) - z * rse), rr_high = exp(log(rr) + z * rse),
    rd = rd, newcombe_low = rd - sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2),
    newcombe_high = rd + sqrt((w1[2] - p1)^2 + (p2 - w2[1])^2),
    wald_low = rd - z * rdse, wald_high = rd + z * rdse,
    h = h, h_low = h - z * hse, h_high = h + z * hse,
    wilson_low = w1[1], wilson_high = w1[2],
    chi = unname(plain$statistic), chi_p = plain$p.value,
    yates = unname(yates$statistic), yates_p = yates$p.value,
    fisher_p = fisher.test(m)$p.value
  )
  for (name in names(found)) figures[[paste(row$name, name, sep = ".")]] <- found[[name]]
}
write_figures(figures, at$out)
