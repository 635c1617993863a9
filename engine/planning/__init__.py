"""The pure heart: editions, facts and a window in; deadlines with their derivations out."""
