"""With exactly the documented rights a stack works, without each of them it stops and says so."""
