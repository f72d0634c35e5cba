# Before and after of the same people: t.test, wilcox.test, mcnemar.test, binom.test, noncentral t.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "write.R"))
at <- folders()
figures <- list()
add <- function(of, found) {
  for (name in names(found)) figures[[paste(of, name, sep = ".")]] <<- found[[name]]
}

paired <- function(before, after) {
  both <- !is.na(before) & !is.na(after)
  b <- before[both]; a <- after[both]; change <- a - b; n <- length(change)
  t <- t.test(a, b, paired = TRUE)
  w <- suppressWarnings(wilcox.test(a, b, paired = TRUE))
  statistic <- unname(t$statistic)
  centre <- function(q) uniroot(function(x) pt(statistic, n - 1, x) - q,
                                c(-36, 36), tol = 1e-13)$root
  c(pairs = n, asked = length(before), mean = mean(change),
    low = t$conf.int[1], high = t$conf.int[2], t = statistic, t_p = t$p.value,
    v = unname(w$statistic), wilcoxon_p = w$p.value,
    d_z = mean(change) / sd(change), d_low = centre(0.975) / sqrt(n),
    d_high = centre(0.025) / sqrt(n), d_av = mean(change) / ((sd(b) + sd(a)) / 2))
}

# Newcombe 1998, method 10: Wilson's intervals of both shares, joined through phi.
shares <- function(before, after) {
  both <- !is.na(before) & !is.na(after)
  b <- before[both] == 1; a <- after[both] == 1; n <- length(b)
  m <- table(factor(b, c(TRUE, FALSE)), factor(a, c(TRUE, FALSE)))
  plain <- mcnemar.test(m, correct = FALSE); corrected <- mcnemar.test(m)
  gained <- m[2, 1]; lost <- m[1, 2]
  w1 <- wilson(sum(a), n); w2 <- wilson(sum(b), n)
  top <- m[1, 1] * m[2, 2] - gained * lost
  if (top > 0) top <- max(top - n / 2, 0)
  phi <- top / sqrt(prod(rowSums(m)) * prod(colSums(m)))
  p1 <- mean(a); p2 <- mean(b)
  wide <- function(x, y) sqrt(x^2 - 2 * phi * x * y + y^2)
  c(gained = gained, lost = lost, chi = unname(plain$statistic), chi_p = plain$p.value,
    corrected = unname(corrected$statistic), corrected_p = corrected$p.value,
    exact_p = binom.test(gained, gained + lost)$p.value, difference = p1 - p2,
    low = p1 - p2 - wide(p1 - w1[1], w2[2] - p2), high = p1 - p2 + wide(w1[2] - p1, p2 - w2[1]))
}

d <- read.csv(file.path(at$invented, "paired.csv"))
add("invented", paired(d$before, d$after))
add("invented.unwell", shares(d$unwell_before, d$unwell_after))
d <- read.csv(file.path(at$invented, "distinct.csv"))
add("distinct", paired(d$before, d$after))

if (at$real != "-") {
  b <- read.csv(file.path(at$real, "btheb_bdi_prepost.csv"))
  for (visit in c("2m", "4m", "6m", "8m")) {
    add(paste0("btheb.", visit), paired(b$bdi.pre, b[[paste0("bdi.", visit)]]))
  }
  for (arm in c("TAU", "BtheB")) {
    of <- b[b$treatment == arm, ]
    add(paste0("btheb.8m.", arm), paired(of$bdi.pre, of$bdi.8m))
  }
  o <- read.csv(file.path(at$real, "obrien_kaiser_pre_post_fup.csv"))
  of <- function(stem) rowMeans(o[paste0(stem, ".", 1:5)])
  add("obrien.post", paired(of("pre"), of("post")))
  add("obrien.fup", paired(of("pre"), of("fup")))
  r <- read.csv(file.path(at$real, "respiratory_5visits.csv"))
  good <- function(month) {
    x <- r[r$month == month, ]
    as.integer(x$status[order(x$subject)] == "good")
  }
  add("respiratory", shares(good(0), good(4)))
}
write_figures(figures, at$out)
