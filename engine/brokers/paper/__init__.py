"""The paper broker: the simulated exchange behind the port, and the adapter to read before writing one."""
