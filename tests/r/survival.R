# Kaplan-Meier, log-rank and Cox by the package survival.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "write.R"))
library(survival)
at <- folders()
figures <- list()
add <- function(of, found) {
  for (name in names(found)) figures[[paste(of, name, sep = ".")]] <<- found[[name]]
}

curve <- function(of, time, event, ask) {
  fit <- survfit(Surv(time, event) ~ 1, conf.type = "log-log")
  s <- summary(fit, times = ask)
  for (i in seq_along(ask)) {
    add(paste0(of, ".at.", ask[i]), c(free = s$surv[i], low = s$lower[i], high = s$upper[i],
                                       at_risk = s$n.risk[i]))
  }
  q <- quantile(fit, 0.5)
  add(of, c(median = unname(q$quantile), median_low = unname(q$lower),
            median_high = unname(q$upper)))
}

rank <- function(of, time, event, group) {
  found <- survdiff(Surv(time, event) ~ group)
  df <- length(found$n) - 1
  add(of, c(chi = found$chisq, p = pchisq(found$chisq, df, lower.tail = FALSE)))
  names(found$exp) <- sub("^group=", "", names(found$n))
  add(paste0(of, ".expected"), found$exp)
}

# cox.zph has been a score test since survival 3.0. This is the test of Grambsch and Therneau's
# paper, from the same package's Schoenfeld residuals, against time itself.
constancy <- function(fit) {
  residuals <- as.matrix(residuals(fit, "schoenfeld"))
  times <- as.numeric(rownames(residuals))
  if (length(times) == 0) times <- as.numeric(names(residuals(fit, "schoenfeld")))
  centred <- times - mean(times)
  events <- length(times)
  top <- centred %*% (residuals %*% fit$var * events)
  as.numeric(top)^2 / (diag(fit$var) * events * sum(centred^2))
}

cox <- function(of, formula, people) {
  environment(formula) <- environment()  # residuals() looks for `people` where the formula is from
  fit <- coxph(formula, people, ties = "efron", eps = 1e-13, toler.chol = 1e-15, iter.max = 100)
  s <- summary(fit)
  held <- constancy(fit)
  for (i in seq_along(coef(fit))) {
    add(paste0(of, ".", names(coef(fit))[i]),
        c(coef = s$coefficients[i, 1], se = s$coefficients[i, 3], z = s$coefficients[i, 4],
          p = s$coefficients[i, 5], low = s$conf.int[i, 3], high = s$conf.int[i, 4],
          constancy = held[i]))
  }
  add(of, c(loglik = fit$loglik[2], lr = unname(s$logtest[1]), lr_p = unname(s$logtest[3]),
            concordance = unname(s$concordance[1])))
}

d <- read.csv(file.path(at$invented, "spells.csv"))
d$waiting <- as.integer(d$group == "waiting")
curve("invented", d$time, d$event, c(1, 5, 10, 20, 30))
rank("invented.rank", d$time, d$event, d$group)
cox("invented.cox", Surv(time, event) ~ waiting + age + earlier, d)

if (at$real != "-") {
  r <- read.csv(file.path(at$real, "rossi_recidivism.csv"))
  curve("rossi", r$week, r$arrest, c(1, 10, 20, 30, 40, 52))
  for (fin in c("no", "yes")) {
    curve(paste0("rossi.", fin), r$week[r$fin == fin], r$arrest[r$fin == fin], c(26, 52))
  }
  rank("rossi.rank", r$week, r$arrest, r$fin)
  yes <- c("fin", "wexp", "paro")
  r[yes] <- lapply(r[yes], function(x) as.integer(x == "yes"))
  r$race <- as.integer(r$race == "black"); r$mar <- as.integer(r$mar == "married")
  cox("rossi.cox", Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio, r)
}
write_figures(figures, at$out, "survival")
