# The analysis of docs/validation.md, on an extract: Rscript tools/validation/analysis.R extract.csv [core.csv]
#
# Base R does parts 1 and 2 and the counts of part 6. The models of parts 3 to 6 need lme4 and lavaan; without them the
# script says what it leaves out. With a second name the core numbers are also written there, as
# tools/validation/core_numbers.py prints them.

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) < 1) stop("Name the extract: Rscript tools/validation/analysis.R extract.csv")
items <- c("goals", "tasks", "bond", "trust", "empathy", "engagement", "responsiveness")
raters <- c("clinician", "client")
strained <- c("slight", "clear")
least_ratings <- 3  # complete ratings of a client, for what is said of change
long_after <- 7     # sessions from which a therapy counts as late; the first four count as early
drop <- 0.5         # points below a client's own mean so far that make a rating a low one
least_low <- 20     # low ratings, and events, from which a model is fitted at all

has <- function(package) requireNamespace(package, quietly = TRUE)
part <- function(title) cat("\n== ", title, "\n", sep = "")
say <- function(...) cat(sprintf(...), "\n", sep = "")
attempt <- function(what, expression) tryCatch(expression, error = function(wrong) {
  say("%s: not estimated (%s)", what, conditionMessage(wrong)); invisible(NULL)
})

# Reading ------------------------------------------------------------------------------------------------------------

extract <- read.csv(arguments[1], stringsAsFactors = FALSE, na.strings = "", check.names = FALSE)
expected <- c("client", "therapy", "therapist", "session", "days", "rater", "asked", "rated", items, "strain")
if (length(lacking <- setdiff(expected, names(extract)))) stop("Not an extract: no ", paste(lacking, collapse = ", "))
extract <- extract[order(extract$days), ]  # a stable order: what is on one day stays as it was
extract$visit <- paste(extract$client, extract$therapy, extract$session)
answered <- rowSums(!is.na(extract[items]))
alliance <- ifelse(rowSums(!is.na(extract[items[1:3]])) >= 2, rowMeans(extract[items[1:3]], na.rm = TRUE), NA)
extract$overall <- ifelse(answered >= 6, rowMeans(cbind(alliance, extract[items[4:7]]), na.rm = TRUE), NA)
rated <- extract[extract$rated == "yes", ]
by_client <- function(data, of) split(of, factor(data$client, levels = unique(data$client)))

# 1. What there is ---------------------------------------------------------------------------------------------------

part("1. What there is")
say("%d clients, %d therapies, %d therapists, %d sessions held", length(unique(extract$client)),
    length(unique(extract$therapy)), length(unique(extract$therapist)), length(unique(extract$visit)))
say("form version %s, language %s", paste(unique(na.omit(extract$form_version)), collapse = ", "),
    paste(unique(na.omit(extract$language)), collapse = ", "))
for (rater in raters) {
  here <- extract[extract$rater == rater, ]
  say("%s: asked %d, rated %d, with an overall score %d, with a strain %d", rater, sum(here$asked == "yes"),
      sum(here$rated == "yes"), sum(!is.na(here$overall)), sum(here$strain %in% strained))
  left_out <- colMeans(is.na(here[here$rated == "yes", items]))
  say("  items left out, in 100 ratings: %s", paste(sprintf("%s %.1f", items, 100 * left_out), collapse = ", "))
}

# 2. Core numbers ----------------------------------------------------------------------------------------------------

alpha <- function(rows) {
  if (nrow(rows) < 2 || var(rowSums(rows)) == 0) return(NA_real_)
  ncol(rows) / (ncol(rows) - 1) * (1 - sum(apply(rows, 2, var)) / var(rowSums(rows)))
}
alpha_limits <- function(a, n, k = length(items)) {  # Bonett 2002
  error <- qnorm(.975) * sqrt(2 * k / ((k - 1) * (n - 2)))
  1 - (1 - a) * exp(c(error, -error))
}
within_rc <- function(tables) {  # R_C of Cranford et al. 2006, sessions nested in clients
  if (!length(tables)) return(NA_real_)
  squares <- sapply(tables, function(rows) {
    effect <- rowMeans(rows) - mean(rows)
    c(ncol(rows) * sum(effect^2), sum((sweep(rows, 2, colMeans(rows)) - effect)^2), nrow(rows) - 1)
  })
  total <- rowSums(squares)
  if (total[1] == 0) return(NA_real_)
  1 - (total[2] / (total[3] * (length(items) - 1))) / (total[1] / total[3])
}
between_icc <- function(groups) {  # ICC(1,1) of Shrout and Fleiss 1979, groups of any size
  n <- lengths(groups); scores <- unlist(groups)
  if (length(n) < 2 || sum(n) == length(n)) return(NA_real_)
  means <- sapply(groups, mean)
  of_clients <- sum(n * (means - mean(scores))^2) / (length(n) - 1)
  error <- sum((scores - rep(means, n))^2) / (sum(n) - length(n))
  size <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
  (of_clients - error) / (of_clients + (size - 1) * error)
}
core_of <- function(rater) {
  here <- rated[rated$rater == rater, ]
  full <- here[complete.cases(here[items]), ]
  tables <- lapply(by_client(full, seq_len(nrow(full))), function(rows) as.matrix(full[rows, items]))
  scored <- here[!is.na(here$overall), ]
  last <- do.call(rbind, lapply(tables, function(rows) rows[nrow(rows), ]))
  c(clients = length(tables), ratings = nrow(scored), at_seven = sum(scored$overall == 7),
    alpha = if (is.null(last)) NA else alpha(last),
    within = within_rc(Filter(function(rows) nrow(rows) >= least_ratings, tables)),
    between = between_icc(by_client(scored, scored$overall)))
}
pairs_of <- function() {
  scored <- rated[!is.na(rated$overall), c("client", "visit", "rater", "overall")]
  both <- merge(scored[scored$rater == "clinician", ], scored[scored$rater == "client", ], by = c("client", "visit"))
  if (!nrow(both)) return(c(clients = 0, r = NA))
  means <- aggregate(both[c("overall.x", "overall.y")], both["client"], mean)
  c(clients = nrow(means), r = cor(means$overall.x, means$overall.y))
}

part("2. Core numbers")
core <- c(lapply(setNames(raters, raters), core_of), list(pairs = pairs_of()))
table <- do.call(rbind, lapply(names(core), function(rater) {
  data.frame(rater = rater, number = names(core[[rater]]), value = unname(core[[rater]]))
}))
print(table, digits = 4, row.names = FALSE)
for (rater in raters) {
  limits <- alpha_limits(core[[rater]][["alpha"]], core[[rater]][["clients"]])
  say("%s: alpha between clients, 95%% from %.3f to %.3f", rater, limits[1], limits[2])
}
if (length(arguments) > 1) write.csv(table, arguments[2], row.names = FALSE, quote = FALSE, na = "")

# 3. Reliability and structure, between and within clients -----------------------------------------------------------

part("3. Reliability and structure, between and within clients")
one_factor <- function(level) paste0(level, " =~ ", paste(items, collapse = " + "))
two_levels <- paste("level: 1", one_factor("change"), "level: 2", one_factor("standing"), sep = "\n")
fits <- c("chisq", "df", "cfi", "rmsea", "srmr_within", "srmr_between")
for (rater in raters) {
  here <- rated[rated$rater == rater & complete.cases(rated[items]), ]
  here <- here[ave(seq_along(here$client), here$client, FUN = length) >= least_ratings, ]
  if (!nrow(here)) next
  means <- aggregate(here[items], here["client"], mean)
  centred <- here[items] - means[match(here$client, means$client), items]
  say("%s: %d clients, %d ratings. Eigenvalues between: %s. Within: %s", rater, nrow(means), nrow(here),
      paste(sprintf("%.2f", eigen(cor(means[items]))$values), collapse = " "),
      paste(sprintf("%.2f", eigen(cor(centred))$values), collapse = " "))
  if (has("lme4")) attempt("variance components", {
    long <- data.frame(score = unlist(here[items]), item = rep(items, each = nrow(here)),
                       client = rep(here$client, length(items)), visit = rep(here$visit, length(items)))
    model <- lme4::lmer(score ~ (1 | item) + (1 | client) + (1 | client:item) + (1 | visit), long)
    v <- setNames(as.data.frame(lme4::VarCorr(model))$vcov, as.data.frame(lme4::VarCorr(model))$grp)
    m <- length(items); sessions <- median(table(here$client))
    change <- v[["visit"]] / (v[["visit"]] + v[["Residual"]] / m)
    lasting <- v[["client"]] + v[["client:item"]] / m
    level <- lasting / (lasting + v[["visit"]] / sessions + v[["Residual"]] / (sessions * m))
    print(round(v, 3))
    say("  R_C %.3f; reliability of a client's mean over %g sessions %.3f", change, sessions, level)
  })
  if (has("lavaan")) attempt("two-level factor model", {
    fit <- lavaan::cfa(two_levels, here, cluster = "client", verbose = FALSE)
    print(round(lavaan::fitMeasures(fit, fits), 3))
    loadings <- lavaan::standardizedSolution(fit)
    loadings <- loadings[loadings$op == "=~", ]
    print(data.frame(item = items, within = round(loadings$est.std[loadings$lhs == "change"], 2),
                     between = round(loadings$est.std[loadings$lhs == "standing"], 2)), row.names = FALSE)
  })
}

# 4. Invariance over time and between raters -------------------------------------------------------------------------

part("4. Invariance over time and between raters")
invariance <- function(title, data, group) {
  sizes <- table(data[[group]])
  say("%s: %s", title, paste(names(sizes), sizes, collapse = ", "))
  if (!has("lavaan")) return(say("  needs lavaan"))
  attempt(title, {
    equal <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"))
    fitted <- lapply(equal, function(same) {
      lavaan::cfa(one_factor("alliance"), data, group = group, cluster = "client", estimator = "MLR",
                  group.equal = same)
    })
    measures <- c("chisq.scaled", "df.scaled", "cfi.robust", "rmsea.robust")
    shown <- t(sapply(fitted, function(fit) lavaan::fitMeasures(fit, measures)))
    print(round(cbind(shown, change_in_cfi = c(NA, diff(shown[, "cfi.robust"]))), 3))
  })
}
full <- rated[rated$rater %in% raters & complete.cases(rated[items]), ]
full$time <- ifelse(full$session <= 4, "early", ifelse(full$session >= long_after, "late", NA))
for (rater in raters) {
  invariance(paste("Over time,", rater), full[full$rater == rater & !is.na(full$time), ], "time")
}
both <- full$visit %in% full$visit[duplicated(full$visit)]
invariance("Between raters, sessions that both rated", full[both, ], "rater")

# 5. The next session as criterion -----------------------------------------------------------------------------------

part("5. The next session as criterion")
client <- extract[extract$rater == "client", ]
client <- client[order(client$therapy, client$session), ]
usual <- function(scores) {  # the mean of the client's earlier ratings in this therapy; none before the third
  known <- !is.na(scores); count <- cumsum(known) - known
  ifelse(count >= 2, (cumsum(ifelse(known, scores, 0)) - ifelse(known, scores, 0)) / count, NA)
}
client$below <- ave(client$overall, client$therapy, FUN = usual) - client$overall
client$followed <- c(head(client$therapy, -1) == tail(client$therapy, -1) &
                       head(client$session, -1) + 1 == tail(client$session, -1), FALSE)
next_of <- function(values) ifelse(client$followed, c(values[-1], values[NA]), values[NA])
reported <- sapply(split(extract$strain, extract$visit), function(said) {
  if (all(is.na(said))) NA else any(said %in% strained)
})
client$strain_now <- unname(reported[client$visit])
client$next_strain <- next_of(client$strain_now)
client$next_overall <- next_of(client$overall)
known <- client[!is.na(client$below), ]
model_of <- function(title, outcome, data, family = binomial, beside = NULL) {
  data <- data[complete.cases(data[c(outcome, beside)]), ]
  events <- if (is.logical(data[[outcome]])) sum(data[[outcome]]) else nrow(data)
  say("%s: %d sessions, %d events, %d of the sessions low", title, nrow(data), events, sum(data$below >= drop))
  if (!has("lme4")) return(say("  needs lme4"))
  if (min(events, sum(data$below >= drop)) < least_low) return(say("  too few for a model"))
  attempt(title, {
    formula <- reformulate(c("below", "log(session)", beside, "(1 | client)"), outcome)
    fit <- if (is.null(family)) lme4::lmer(formula, data) else lme4::glmer(formula, data, family = family)
    estimate <- coef(summary(fit))["below", 1:2]
    limits <- estimate[1] + c(-1, 1) * qnorm(.975) * estimate[2]
    if (is.null(family)) say("  change in points for each point below the usual: %.2f (%.2f to %.2f)", estimate[1],
                             limits[1], limits[2])
    else say("  odds ratio for each point below the usual: %.2f (%.2f to %.2f)", exp(estimate[1]), exp(limits[1]),
             exp(limits[2]))
  })
}
model_of("Strain reported at the next session", "next_strain", known)
model_of("The same, with the strain of this session", "next_strain", known, beside = "strain_now")
model_of("Overall score at the next session", "next_overall", known, family = NULL)

# 6. What is missing after a low rating ------------------------------------------------------------------------------

part("6. What is missing after a low rating")
followed <- known[known$followed, ]
place <- match(rownames(followed), rownames(client)) + 1
followed$next_missing <- client$rated[place] == "no"
followed$next_not_asked <- client$asked[place] == "no"
print(with(followed, table(low = below >= drop, next_missing)))
print(with(followed, table(low = below >= drop, next_not_asked)))
model_of("Client's rating missing at the next session", "next_missing", followed)
say("A therapy that ended has no next session: endings are not in the extract.")
