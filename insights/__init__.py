"""What the exchanges teach: where rule and work part company, how long an answer takes, what nobody speaks of."""
